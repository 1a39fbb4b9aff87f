"""What the job is told, and what it tells of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from riada_stream.driver.release import superseded
from riada_stream.driver.status import write_status
from riada_stream.runtime.folder import Folder
from riada_stream.settings import Settings, settings

from contract.stream.driver_status import DriverState


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    return Settings("r1", artifacts=tmp_path)


@pytest.mark.parametrize(
    ("wanted", "answer"), [(None, False), ("", False), ("r1\n", False), ("r2", True)]
)
def test_superseded(told: Settings, wanted: str | None, answer: bool) -> None:
    if wanted is not None:
        told.wanted_release_file.write_text(wanted)
    assert superseded(told) is answer


def test_settings_come_from_the_environment() -> None:
    env = {
        "CASSANDRA_HOSTS": "cassandra-1, cassandra-2",
        "EXECUTOR_CORES": "4",
        "KAFKA_BOOTSTRAP": "",
        "CHECKPOINT": "s3a://bucket/checkpoints/users",
    }
    told = settings(["--release", "r9"], env)
    assert told.cassandra_hosts == ("cassandra-1", "cassandra-2")
    assert (told.release, told.executor_cores) == ("r9", 4)
    assert told.checkpoint == Folder("s3a://bucket/checkpoints/users")
    assert told.kafka_bootstrap == Settings("r9").kafka_bootstrap


@pytest.mark.parametrize("url", ["/checkpoint/users", "hdfs://node/checkpoint"])
def test_checkpoint_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="begins with none of file, s3a"):
        settings(["--release", "r9"], {"CHECKPOINT": url})


def test_status_names_state_and_cause(told: Settings) -> None:
    write_status(told, DriverState.RETRYING, "cassandra-1:9042 refuses")
    found = json.loads(told.status_file.read_text())
    assert (found["state"], found["cause"], found["release"]) == (
        "retrying",
        "cassandra-1:9042 refuses",
        "r1",
    )
