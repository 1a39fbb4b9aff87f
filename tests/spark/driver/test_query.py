"""Batches run one at a time, and the log shows their progress."""

from __future__ import annotations

import logging
from datetime import datetime, timezone

import pytest
from riada_stream.driver.query import PROGRESS_INTERVAL_S, BatchRunner
from riada_stream.runtime.watchdog import Watchdog

from contract.stores.cassandra.batches import BatchRecord
from tests.spark.in_memory import Clock

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


def record(number: int, dead_letters: int = 0) -> BatchRecord:
    return BatchRecord(
        batch_id=number,
        started_at=NOW,
        written_at=NOW,
        start_offsets={0: number},
        end_offsets={0: number + 1},
        upserts=10,
        deletes=2,
        dead_letters=dead_letters,
        release="r1",
        driver_id="driver-1",
    )


def test_progress_is_logged_for_the_first_batch_and_then_once_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    runner = BatchRunner("users", lambda _, number: record(number), Watchdog(), clock)
    with caplog.at_level(logging.INFO):
        for number in range(PROGRESS_INTERVAL_S):
            runner.run(None, number)
            clock.now += 2
    assert runner.completed == PROGRESS_INTERVAL_S
    assert [entry.getMessage() for entry in caplog.records] == [
        "users: batch 0: 12 events in 0 s, up to the offsets {0: 1}",
        "users: batch 30: 360 events in 60 s, up to the offsets {0: 31}",
    ]


def test_dead_letters_are_always_logged(caplog: pytest.LogCaptureFixture) -> None:
    runner = BatchRunner(
        "users", lambda _, number: record(number, dead_letters=3), Watchdog(), Clock()
    )
    with caplog.at_level(logging.WARNING):
        runner.run(None, 0)
        runner.run(None, 1)
    messages = [entry.getMessage() for entry in caplog.records]
    assert messages == ["users: batch 0: 3 dead letters", "users: batch 1: 3 dead letters"]


def test_the_watchdog_runs_while_a_batch_is_written_also_when_it_fails() -> None:
    clock = Clock()
    idle: list[float] = []
    watchdog = Watchdog(clock)

    def write(_records: object, number: int) -> BatchRecord:
        clock.now += 5
        idle.append(watchdog.idle_s())
        if number == 1:
            raise ConnectionError("cassandra")
        return record(number)

    runner = BatchRunner("users", write, watchdog, clock)
    runner.run(None, 0)
    with pytest.raises(ConnectionError):
        runner.run(None, 1)
    assert (idle, watchdog.idle_s()) == ([5, 5], 0)
    assert (runner.completed, runner.busy.locked()) == (1, False)
