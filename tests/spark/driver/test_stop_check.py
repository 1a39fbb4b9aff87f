"""A driver stops for another release, and for a newer driver."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from riada_stream.checkpoint import generation
from riada_stream.driver.status import StatusReporter
from riada_stream.driver.stop_check import GENERATION_CHECK_INTERVAL_S, StopCheck
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.settings import Settings

from contract.stream.driver_status import DriverState, DriverStatus
from tests.spark.in_memory import Clock


@pytest.fixture
def settings(spark: SparkSession, tmp_path: Path) -> Settings:
    checkpoint = CheckpointDir(f"file:{tmp_path}/checkpoint")
    return Settings("r1", artifacts=tmp_path, checkpoint=checkpoint)


def check(settings: Settings, clock: Clock) -> StopCheck:
    return StopCheck(settings, StatusReporter(settings), clock)


def test_another_release_stops_the_driver_and_is_reported(settings: Settings) -> None:
    should_stop = check(settings, Clock())
    assert not should_stop()
    settings.wanted_release_file.write_text("r2")
    assert should_stop()
    status = DriverStatus.from_json(settings.status_file.read_text())
    assert status.state is DriverState.STOPPED


def test_a_newer_driver_stops_the_older_one_and_only_that_one(settings: Settings) -> None:
    clock = Clock()
    older, newer = check(settings, clock), check(settings, clock)
    older.generation = generation.begin(settings.checkpoint)
    newer.generation = generation.begin(settings.checkpoint)
    assert not older(), "the checkpoint is read at intervals"
    clock.now += GENERATION_CHECK_INTERVAL_S
    assert (older(), newer()) == (True, False)
    assert not settings.status_file.exists(), "the newer driver reports its own status"


def test_a_driver_without_a_generation_does_not_stop(settings: Settings) -> None:
    clock = Clock()
    should_stop = check(settings, clock)
    generation.begin(settings.checkpoint)
    clock.now += GENERATION_CHECK_INTERVAL_S
    assert not should_stop()
