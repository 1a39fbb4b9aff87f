"""Only one driver holds the checkpoint; another wanted release ends the wait and the run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from riada_stream.release import only_driver, superseded
from riada_stream.settings import Settings, settings
from riada_stream.status import tell


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    return Settings("r1", checkpoint=tmp_path / "checkpoint/users", artifacts=tmp_path)


@pytest.mark.parametrize(
    ("wanted", "answer"), [(None, False), ("", False), ("r1\n", False), ("r2", True)]
)
def test_superseded(told: Settings, wanted: str | None, answer: bool) -> None:
    if wanted is not None:
        told.wanted_release_file.write_text(wanted)
    assert superseded(told) is answer


def test_second_driver_waits_until_another_release_is_wanted(told: Settings) -> None:
    with only_driver(told) as first:
        assert first
        told.wanted_release_file.write_text("r2")
        with only_driver(told) as second:
            assert not second
        told.wanted_release_file.unlink()
    with only_driver(replace(told, release="r2")) as third:
        assert third


def test_settings_come_from_the_environment() -> None:
    env = {
        "CASSANDRA_HOSTS": "cassandra-1, cassandra-2",
        "EXECUTOR_CORES": "4",
        "KAFKA_BOOTSTRAP": "",
    }
    told = settings(["--release", "r9"], env)
    assert told.cassandra_hosts == ("cassandra-1", "cassandra-2")
    assert (told.release, told.executor_cores) == ("r9", 4)
    assert told.kafka_bootstrap == Settings("r9").kafka_bootstrap


def test_status_names_state_and_cause(told: Settings) -> None:
    tell(told, "retrying", "cassandra-1:9042 refuses")
    found = json.loads(told.status_file.read_text())
    assert (found["state"], found["cause"], found["release"]) == (
        "retrying",
        "cassandra-1:9042 refuses",
        "r1",
    )
