"""poll_until ends with the first result, or without one after its limit."""

from __future__ import annotations

import pytest

from cli.host.poll import poll_until
from tests.cli.clock import Clock

pytestmark = pytest.mark.usefixtures("clock")


def test_the_first_result_ends_it(clock: Clock) -> None:
    answers = iter([None, None, "done", "more"])
    assert poll_until(lambda: next(answers), 10, interval_s=2) == "done"
    assert clock.now == 4


def test_a_false_result_is_a_result(clock: Clock) -> None:
    assert poll_until(lambda: False, 10) is False
    assert clock.now == 0


def test_it_ends_at_its_limit(clock: Clock) -> None:
    times: list[float] = []
    assert poll_until(lambda: times.append(clock.now), 3, interval_s=1) is None
    assert times == [0, 1, 2, 3]


def test_it_does_not_sleep_beyond_its_limit(clock: Clock) -> None:
    assert poll_until(lambda: None, 10, interval_s=60) is None
    assert clock.now == 0


def test_the_pause_may_change_with_each_attempt(clock: Clock) -> None:
    pauses = iter([1.0, 5.0, 1.0])
    times: list[float] = []
    poll_until(lambda: times.append(clock.now), 6, interval_s=lambda: next(pauses))
    assert times == [0, 1, 6]


def test_it_reports_every_five_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    poll_until(lambda: None, 13, report=lambda: "not yet")
    assert capsys.readouterr().out.count("not yet") == 2
