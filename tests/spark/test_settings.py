"""The job's settings come from its arguments and from its worker's environment."""

from __future__ import annotations

import pytest
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.settings import Settings, load_settings

ARGUMENTS = ("--release", "r9", "--job", "j1")


def test_settings_come_from_the_environment() -> None:
    env = {
        "CASSANDRA_HOSTS": "cassandra-1, cassandra-2",
        "EXECUTOR_CORES": "4",
        "KAFKA_BOOTSTRAP": "",
        "CHECKPOINT": "s3a://bucket/checkpoints",
    }
    settings = load_settings([*ARGUMENTS], env)
    assert settings.cassandra_hosts == ("cassandra-1", "cassandra-2")
    assert (settings.release, settings.job, settings.executor_cores) == ("r9", "j1", 4)
    assert settings.checkpoint == CheckpointDir("s3a://bucket/checkpoints")
    assert settings.kafka_bootstrap == Settings("r9").kafka_bootstrap


@pytest.mark.parametrize("url", ["/checkpoint/users", "hdfs://node/checkpoint"])
def test_a_checkpoint_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must start with one of file:, s3a:"):
        load_settings([*ARGUMENTS], {"CHECKPOINT": url})


def test_a_setting_that_is_not_a_number_is_named() -> None:
    with pytest.raises(ValueError, match="EXECUTOR_CORES must be an integer, got 'two'"):
        load_settings([*ARGUMENTS], {"EXECUTOR_CORES": "two"})


def test_0_stands_for_the_default() -> None:
    """A query that may read 0 messages at a time would read nothing, and would not fail."""
    env = {"EXECUTOR_CORES": "0", "MAX_OFFSETS_PER_TRIGGER": "0", "TRIGGER_INTERVAL_S": "0"}
    settings, default = load_settings([*ARGUMENTS], env), Settings("r9")
    assert settings.executor_cores == default.executor_cores
    assert settings.max_offsets_per_trigger == default.max_offsets_per_trigger
    assert settings.trigger_interval_s == 0
