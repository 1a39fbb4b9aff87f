"""A table's reaction to each kind of end of an attempt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from riada_stream.driver.attempts import BACKOFF_S, HALT_RETRY_INTERVAL_S, Attempts
from riada_stream.driver.supervise import Ending
from riada_stream.runtime.halt import HaltError
from riada_stream.sink.event_writer import SchemaChangedError

from contract.stream.driver_status import Restart, TableState
from tests.spark.in_memory import Clock, InMemoryStatus
from tests.spark.samples import USERS

FAILURE = ConnectionError("kafka")


class InMemoryControl:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.is_stopping = False

    def wait(self, seconds: float) -> bool:
        self.clock.sleep(seconds)
        return self.is_stopping


class InMemoryStream:
    """Each attempt ends as the next of `ends` does; the last one stops the table. An attempt runs
    first if its end is in a list."""

    def __init__(
        self, control: InMemoryControl, *ends: Exception | list[Exception] | Ending
    ) -> None:
        self.control = control
        self.ends = [*ends, Ending.STOPPED]
        self.count = self.parked = 0
        self.restart: Restart | None = None

    def run(self, on_running: Callable[[], None]) -> Ending:
        end = self.ends[self.count]
        self.count += 1
        self.control.is_stopping = self.count == len(self.ends)
        if isinstance(end, list):
            on_running()
            raise end[0]
        if isinstance(end, Exception):
            raise end
        return end

    def wait_for_messages(self) -> None:
        self.parked += 1


class Run:
    def __init__(self, *ends: Exception | list[Exception] | Ending) -> None:
        self.clock, self.status = Clock(), InMemoryStatus()
        began = self.clock.now
        self.stream = InMemoryStream(InMemoryControl(self.clock), *ends)
        self.attempts = Attempts(USERS, self.stream, self.stream.control, self.status)
        self.attempts.run()
        self.took_s = self.clock.now - began


def test_a_table_that_is_stopped_ends() -> None:
    run = Run()
    assert (run.stream.count, run.status.states) == (1, [TableState.STARTING])


def test_an_outage_is_retried_with_growing_pauses() -> None:
    run = Run(FAILURE, FAILURE)
    assert run.took_s == sum(BACKOFF_S[:2])
    assert run.status.tables[1:] == [(TableState.RETRYING, "ConnectionError: kafka")] * 2


def test_failures_are_counted_and_never_end_the_table() -> None:
    run = Run(*[FAILURE] * 30)
    assert run.stream.count == 31
    assert run.attempts.failures == 30
    assert run.took_s == sum(BACKOFF_S) + 20 * BACKOFF_S[-1]


def test_a_table_that_runs_begins_to_count_again() -> None:
    run = Run(FAILURE, FAILURE, [FAILURE])
    assert run.attempts.failures == 1
    assert TableState.RUNNING in run.status.states


def test_a_new_schema_does_not_count_as_a_failure() -> None:
    run = Run(*[SchemaChangedError("schemas [9]")] * 50)
    assert (run.status.states, run.took_s) == ([TableState.STARTING], 0)


def test_a_halt_is_reported_and_retried_until_its_cause_is_gone() -> None:
    run = Run(*[HaltError("a column is unknown")] * 30)
    assert run.status.tables[1:] == [(TableState.HALTED, "a column is unknown")] * 30
    assert run.took_s == 30 * HALT_RETRY_INTERVAL_S
    assert run.attempts.failures == 0


def test_a_parked_table_waits_for_messages_and_runs_again() -> None:
    run = Run(Ending.PARKED, Ending.PARKED)
    assert (run.stream.parked, run.stream.count) == (2, 3)


def test_the_restart_is_reported() -> None:
    control = InMemoryControl(Clock())
    stream, status = InMemoryStream(control, [FAILURE]), InMemoryStatus()
    stream.restart = Restart.now("the topic was created again")
    Attempts(USERS, stream, control, status).run()
    assert status.restarts[1] == stream.restart


@pytest.mark.parametrize("end", [FAILURE, HaltError("halt")])
def test_a_table_that_is_removed_meanwhile_ends_at_once(end: Exception) -> None:
    control = InMemoryControl(Clock())
    stream = InMemoryStream(control)
    stream.ends = [end]
    Attempts(USERS, stream, control, InMemoryStatus()).run()
    assert stream.count == 1
