"""How long the Control Center waits for the streaming driver, and how often it asks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from contract.errors import UnreachableError
from contract.jobs.compare import OffsetSummary
from contract.jobs.spark_comparison import (
    LEASE_S,
    REPEAT_S,
    Answer,
    ComparisonFailure,
    ComparisonProgress,
    ComparisonRequest,
    ComparisonResult,
    RecordKind,
    RowDigests,
)
from control_center.jobs.compare.in_spark.answer import NO_DRIVER_S, SILENCE_S, answer
from tests.control_center.jobs.compare.in_memory import SteppingClock

REQUEST = ComparisonRequest("mine", "users", (), (), 7)
RESULT = ComparisonResult("mine", "run", {}, 0, 0, OffsetSummary(0, 0, 0, 0, 0, 0))


class InMemoryChannel:
    """Each poll takes a second and returns the next of `answers`, if there is one."""

    def __init__(self, clock: SteppingClock, *answers: Answer | None) -> None:
        self._clock, self._answers = clock, iter(answers)
        self.asked: list[tuple[RecordKind, float]] = []

    def ask(self, request: ComparisonRequest, kind: RecordKind = RecordKind.REQUEST) -> None:
        assert request == REQUEST
        self.asked.append((kind, self._clock.now))

    def poll(self) -> list[Answer]:
        self._clock.sleep(1.0)
        received = next(self._answers, None)
        return [] if received is None else [received]

    def differences(self, result: ComparisonResult) -> Iterator[RowDigests]:
        raise AssertionError("nobody reads them here")

    def kinds(self) -> list[RecordKind]:
        return [kind for kind, _ in self.asked]


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


def test_the_result_comes_with_progress(
    clock: SteppingClock, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = InMemoryChannel(clock, ComparisonProgress("mine", "2 of 9 tasks"), RESULT)
    assert answer(channel, REQUEST, clock) == RESULT
    assert channel.kinds() == [RecordKind.REQUEST]
    assert "Spark compares all rows: 2 of 9 tasks" in capsys.readouterr().out


def test_the_request_is_repeated_within_its_lease(clock: SteppingClock) -> None:
    channel = InMemoryChannel(clock, *[ComparisonProgress("mine", "1 of 9 tasks")] * 40, RESULT)
    assert answer(channel, REQUEST, clock) == RESULT
    times = [at for _, at in channel.asked]
    assert len(times) == 9
    assert all(later - at == REPEAT_S for at, later in pairwise(times))
    assert REPEAT_S < LEASE_S / 3  # some may be lost


def test_answers_to_others_are_ignored(clock: SteppingClock) -> None:
    other = ComparisonFailure("other", "has no table orders")
    assert answer(InMemoryChannel(clock, other, RESULT), REQUEST, clock) == RESULT


def test_without_a_driver_the_error_names_a_remedy(clock: SteppingClock) -> None:
    channel = InMemoryChannel(clock)
    with pytest.raises(UnreachableError, match="no streaming driver has answered") as error:
        answer(channel, REQUEST, clock)
    assert "make status" in error.value.remedy
    assert NO_DRIVER_S < clock.now - 100.0 < NO_DRIVER_S + 3
    assert channel.kinds()[-1] is RecordKind.CANCEL


def test_a_driver_that_is_started_again_gets_more_time(clock: SteppingClock) -> None:
    progress = ComparisonProgress("mine", "1 of 9 tasks")
    silent = [None] * int(SILENCE_S - 10)
    assert answer(InMemoryChannel(clock, progress, *silent, RESULT), REQUEST, clock) == RESULT
    with pytest.raises(UnreachableError):
        answer(InMemoryChannel(clock, progress), REQUEST, clock)


def test_a_failure_names_its_cause(clock: SteppingClock) -> None:
    channel = InMemoryChannel(clock, ComparisonFailure("mine", "has no table users"))
    with pytest.raises(UnreachableError, match="the streaming driver has no table users"):
        answer(channel, REQUEST, clock)
    assert channel.kinds() == [RecordKind.REQUEST]


def test_a_stopped_job_cancels_its_request(clock: SteppingClock) -> None:
    def stop() -> None:
        raise SystemExit

    stopping = SteppingClock(stop)
    channel = InMemoryChannel(stopping)
    with pytest.raises(SystemExit):
        answer(channel, REQUEST, stopping)
    assert channel.kinds() == [RecordKind.REQUEST, RecordKind.CANCEL]
