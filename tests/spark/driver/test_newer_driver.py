"""A newer driver stops the older one, and only that one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from riada_stream.checkpoint import generation
from riada_stream.driver.newer_driver import INTERVAL_S, NewerDriver
from riada_stream.runtime.checkpoint_dir import CheckpointDir

from tests.spark.in_memory import Clock


@pytest.fixture
def checkpoint(spark: SparkSession, tmp_path: Path) -> CheckpointDir:
    return CheckpointDir(f"file:{tmp_path}")


def test_of_two_drivers_the_newer_one_stays(checkpoint: CheckpointDir) -> None:
    """Whatever generations both begin: the older one may add a table or read one again."""
    clock = Clock()
    older, newer = (NewerDriver(checkpoint, name, clock) for name in ("driver-2", "driver-1"))
    for driver in (older, newer, older):
        generation.begin(checkpoint / "users", driver.own_claim())
    generation.begin(checkpoint / "orders", newer.own_claim())
    generation.begin(checkpoint / "orders", older.own_claim())
    assert not older.has_begun(), "the claims are read at intervals"
    clock.now += INTERVAL_S
    assert (older.has_begun(), newer.has_begun()) == (True, False)


def test_of_two_drivers_that_claim_the_same_number_one_stays(
    checkpoint: CheckpointDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    drivers = [NewerDriver(checkpoint, name, clock) for name in ("driver-1", "driver-2")]
    names = CheckpointDir.names
    monkeypatch.setattr(CheckpointDir, "names", lambda *_: [])  # neither sees the other's
    for driver in drivers:
        driver.own_claim()
    monkeypatch.setattr(CheckpointDir, "names", names)
    clock.now += INTERVAL_S
    assert [driver.has_begun() for driver in drivers] == [True, False]


def test_a_driver_keeps_its_claim(checkpoint: CheckpointDir) -> None:
    clock = Clock()
    driver = NewerDriver(checkpoint, "driver-1", clock)
    assert driver.own_claim() == driver.own_claim()
    clock.now += INTERVAL_S
    assert not driver.has_begun()


def test_a_driver_that_writes_no_checkpoint_does_not_stop(checkpoint: CheckpointDir) -> None:
    clock = Clock()
    NewerDriver(checkpoint, "driver-1", clock).own_claim()
    waiting = NewerDriver(checkpoint, "driver-2", clock)
    clock.now += INTERVAL_S
    assert not waiting.has_begun()
