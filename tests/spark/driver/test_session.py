"""The options of the Spark session, and of the Cassandra connector."""

from __future__ import annotations

from pathlib import Path

import pytest
from riada_stream.driver.session import CHECKPOINT_MANAGER, options
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.settings import Settings
from riada_stream.sink import bulk

from tests.spark.samples import ORDERS, USERS


def test_the_connector_writes_to_the_hosts_at_a_quorum() -> None:
    settings = Settings("r1", cassandra_hosts=("cassandra-1", "cassandra-2"))
    configuration = options(settings)
    assert configuration["spark.cassandra.connection.host"] == "cassandra-1,cassandra-2"
    assert configuration["spark.cassandra.output.consistency.level"] == "LOCAL_QUORUM"
    assert configuration["spark.cassandra.auth.username"] == "spark"


def test_a_batch_of_small_rows_has_fewer_bytes() -> None:
    """Cassandra has a limited time for each batch, however many rows it has."""
    assert (bulk.batch_bytes(USERS), bulk.batch_bytes(ORDERS)) == (32 << 10, 9 * 1250)


def test_one_executor_has_all_cores() -> None:
    configuration = options(Settings("r1", executor_cores=4, executor_memory="2g"))
    assert configuration["spark.executor.cores"] == configuration["spark.cores.max"] == "4"
    assert configuration["spark.executor.memory"] == "2g"


def test_no_option_shows_the_password(tmp_path: Path) -> None:
    """The UI shows the options, and executors get them on their command line."""
    password = tmp_path / "password"
    password.write_text("secret-1")
    configuration = options(Settings("r1", cassandra_password_file=password))
    assert not [name for name in configuration if "password" in name]
    assert "secret-1" not in configuration.values()


@pytest.mark.parametrize(
    ("url", "manager"),
    [
        ("file:/checkpoint", "FileSystemBasedCheckpointFileManager"),
        ("s3a://bucket/checkpoints", "AbortableStreamBasedCheckpointFileManager"),
    ],
)
def test_the_checkpoint_is_written_as_its_file_system_allows(url: str, manager: str) -> None:
    configuration = options(Settings("r1", checkpoint=CheckpointDir(url)))
    assert configuration[CHECKPOINT_MANAGER].endswith(f".{manager}")


def test_another_endpoint_of_s3_is_used_only_when_it_is_set() -> None:
    name = "spark.hadoop.fs.s3a.endpoint"
    assert name not in options(Settings("r1"))
    assert options(Settings("r1", s3_endpoint="http://localstack:4566"))[name].endswith(":4566")
