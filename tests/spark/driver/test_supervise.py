"""A running query ends when it fails, hangs, or is to stop."""

from __future__ import annotations

import pytest
from riada_stream.checkpoint.failed_batch import FailedBatch
from riada_stream.driver.supervise import STUCK_TIMEOUT_S, Ending, StuckBatchError, supervise
from riada_stream.runtime.watchdog import Watchdog

from contract.kafka.offsets import TopicOffset
from tests.spark.in_memory import Clock


class Query:
    """Completes its first batch at the poll `first_batch`, and fails or ends after `polls`."""

    def __init__(self, polls: int, first_batch: int = 2, error: Exception | None = None) -> None:
        self.polls, self.first_batch, self.error = polls, first_batch, error
        self.count = 0
        self.is_stopped = self.is_empty = False
        self.idle_s = 0.0

    @property
    def batches(self) -> int:
        return max(0, self.count - self.first_batch + 1)

    def is_running(self, wait_s: float) -> bool:
        self.count += 1
        if self.count > self.polls and self.error:
            raise self.error
        return self.count <= self.polls

    def waits_for_messages(self) -> bool:
        return self.is_empty

    def stop(self) -> None:
        self.is_stopped = True


def never(_idle_s: float) -> bool:
    return False


class Writer:
    def __init__(self, running: int | None = None, failed: FailedBatch | None = None) -> None:
        self.running, self.failed = running, failed


def test_the_first_complete_batch_is_reported_once() -> None:
    query = Query(10)
    calls: list[int] = []
    supervise(query, Writer(), Watchdog(), lambda: query.count == 9, never, lambda: calls.append(1))
    assert calls == [1]
    assert query.is_stopped


def test_nothing_is_reported_before_the_first_batch() -> None:
    query = Query(10, first_batch=8)
    calls: list[int] = []
    supervise(query, Writer(), Watchdog(), lambda: query.count == 5, never, lambda: calls.append(1))
    assert calls == []


def test_the_error_of_the_query_is_raised() -> None:
    query = Query(3, error=ConnectionError("kafka"))
    with pytest.raises(ConnectionError, match="kafka"):
        supervise(query, Writer(), Watchdog(), lambda: False, never, lambda: None)


def test_a_query_that_ends_by_itself_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="ended by itself"):
        supervise(Query(3), Writer(), Watchdog(), lambda: False, never, lambda: None)


def _hanging() -> Watchdog:
    clock = Clock()
    watchdog = Watchdog(clock)
    watchdog.start()
    clock.now += STUCK_TIMEOUT_S + 1
    return watchdog


def test_a_batch_that_hangs_is_an_error_that_names_it() -> None:
    with pytest.raises(StuckBatchError, match="completed no step for 180 s") as caught:
        supervise(Query(9), Writer(running=7), _hanging(), lambda: False, never, lambda: None)
    assert caught.value.failed == FailedBatch(7)


def test_a_batch_that_hangs_keeps_the_messages_known_to_be_unwritable() -> None:
    failed = FailedBatch(7, {TopicOffset(2, 3): "its decoding kills the executor"})
    with pytest.raises(StuckBatchError) as caught:
        supervise(Query(9), Writer(7, failed), _hanging(), lambda: False, never, lambda: None)
    assert caught.value.failed == failed


def test_a_step_of_the_batch_shows_that_it_does_not_hang() -> None:
    watchdog, query = _hanging(), Query(9)
    watchdog.step()
    supervise(query, Writer(running=7), watchdog, lambda: query.count == 5, never, lambda: None)
    assert query.is_stopped


def test_without_a_batch_nothing_hangs() -> None:
    watchdog, query = _hanging(), Query(9)
    watchdog.stop()
    supervise(query, Writer(running=7), watchdog, lambda: query.count == 5, never, lambda: None)
    assert watchdog.idle_s() == 0


def test_a_query_without_messages_runs_too() -> None:
    query = Query(10, first_batch=99)
    query.is_empty = True
    calls: list[int] = []
    ending = supervise(
        query, Writer(), Watchdog(), lambda: query.count == 5, never, lambda: calls.append(1)
    )
    assert (calls, ending) == ([1], Ending.STOPPED)


def test_an_idle_query_is_parked() -> None:
    query = Query(10)
    query.idle_s = 61.0
    ending = supervise(
        query, Writer(), Watchdog(), lambda: False, lambda idle_s: idle_s > 60, lambda: None
    )
    assert (ending, query.is_stopped) == (Ending.PARKED, True)
