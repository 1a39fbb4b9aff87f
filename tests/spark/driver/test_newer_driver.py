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


def test_a_newer_generation_of_any_table_counts(checkpoint: CheckpointDir) -> None:
    clock = Clock()
    older, newer = NewerDriver(clock), NewerDriver(clock)
    own = [generation.begin(checkpoint / name) for name in ("orders", "users")]
    later = [own[0], generation.begin(checkpoint / "users")]
    assert not older.has_begun(own), "a checkpoint is read at intervals"
    assert not newer.has_begun(later)
    clock.now += INTERVAL_S
    assert [older.has_begun(own) for _ in own] == [False, True], "one of them in each call"
    assert [newer.has_begun(later) for _ in own] == [False, False]


def test_a_driver_without_a_generation_does_not_stop() -> None:
    clock = Clock()
    newer_driver = NewerDriver(clock)
    assert not newer_driver.has_begun([])
    clock.now += INTERVAL_S
    assert not newer_driver.has_begun([])
