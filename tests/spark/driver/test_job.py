"""The driver's reaction to each kind of end of an attempt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from riada_stream.driver.job import BACKOFF_S, HALT_RETRY_INTERVAL_S, Job
from riada_stream.runtime.halt import HaltError
from riada_stream.sink.event_writer import SchemaChangedError

from contract.stream.driver_status import DriverState
from tests.spark.in_memory import Clock, InMemoryStatus

RUNS = "runs"  # an attempt whose first batch is complete before it ends


class Attempts:
    """Each attempt ends as the next of `ends` does: None returns, an error is raised."""

    def __init__(self, *ends: Exception | tuple[str, Exception] | None) -> None:
        self.ends = list(ends)
        self.count = 0
        self.is_stopped = self.broken = False

    def run(self, on_running: Callable[[], None]) -> None:
        end = self.ends[min(self.count, len(self.ends) - 1)]
        self.count += 1
        if isinstance(end, tuple):
            on_running()
            raise end[1]
        if end is not None:
            raise end

    def is_broken(self) -> bool:
        return self.broken

    def stop(self) -> None:
        self.is_stopped = True


@pytest.fixture
def status() -> InMemoryStatus:
    return InMemoryStatus()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def job(
    attempts: Attempts,
    status: InMemoryStatus,
    clock: Clock,
    should_stop: Callable[[], bool] = lambda: False,
) -> Job:
    return Job(attempts, status, should_stop, clock.sleep, clock)


def test_an_attempt_that_returns_ends_the_driver(status: InMemoryStatus, clock: Clock) -> None:
    attempts = Attempts(None)
    assert job(attempts, status, clock).run() == 0
    assert attempts.is_stopped


def test_an_outage_is_retried_with_growing_pauses(status: InMemoryStatus, clock: Clock) -> None:
    attempts = Attempts(ConnectionError("kafka"), ConnectionError("kafka"), None)
    began = clock.now
    assert job(attempts, status, clock).run() == 0
    assert attempts.count == 3
    assert clock.now - began == sum(BACKOFF_S[:2])
    assert status.reports == [(DriverState.RETRYING, "ConnectionError: kafka")] * 2


def test_too_many_consecutive_failures_end_the_driver(status: InMemoryStatus, clock: Clock) -> None:
    attempts = Attempts(ConnectionError("kafka"))
    assert job(attempts, status, clock).run() == 1
    assert attempts.count == len(BACKOFF_S)


def test_a_complete_batch_resets_the_count_of_failures(
    status: InMemoryStatus, clock: Clock
) -> None:
    failure = ConnectionError("kafka")
    almost_all = [failure] * (len(BACKOFF_S) - 1)
    attempts = Attempts(*almost_all, (RUNS, failure), *almost_all[1:], None)
    assert job(attempts, status, clock).run() == 0
    assert DriverState.RUNNING in status.states


def test_an_ended_spark_context_ends_the_driver_at_once(
    status: InMemoryStatus, clock: Clock
) -> None:
    attempts = Attempts(ConnectionError("py4j"))
    attempts.broken = True
    began = clock.now
    assert job(attempts, status, clock).run() == 1
    assert (attempts.count, clock.now) == (1, began)


def test_a_new_schema_does_not_count_as_a_failure(status: InMemoryStatus, clock: Clock) -> None:
    attempts = Attempts(*[SchemaChangedError("schemas [9]")] * 50, None)
    began = clock.now
    assert job(attempts, status, clock).run() == 0
    assert (status.reports, clock.now) == ([], began)


def test_a_halt_is_reported_and_retried_until_its_cause_is_gone(
    status: InMemoryStatus, clock: Clock
) -> None:
    attempts = Attempts(*[HaltError("a column is unknown")] * 30, None)
    began = clock.now
    assert job(attempts, status, clock).run() == 0
    assert status.reports == [(DriverState.HALTED, "a column is unknown")] * 30
    assert clock.now - began >= 30 * HALT_RETRY_INTERVAL_S


def test_a_halted_driver_stops_for_another_release(status: InMemoryStatus, clock: Clock) -> None:
    attempts = Attempts(HaltError("a column is unknown"))
    assert job(attempts, status, clock, should_stop=lambda: clock.now > 105).run() == 0
    assert attempts.count == 1
    assert attempts.is_stopped
