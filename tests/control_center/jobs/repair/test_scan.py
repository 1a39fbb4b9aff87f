"""A repair waits for rows that capture is reading, so that it does not send them once more."""

from __future__ import annotations

import pytest

from control_center.jobs.repair.scan import LIMIT_S, PAUSE_S, await_end
from tests.control_center.jobs.compare.in_memory import SteppingClock

BEGIN = SteppingClock().now


def test_it_waits_until_the_scan_ends(capsys: pytest.CaptureFixture[str]) -> None:
    states, clock = iter([True] * 12 + [False]), SteppingClock()
    await_end("orders", lambda: next(states), clock)
    assert clock.now - BEGIN == 12 * PAUSE_S
    assert capsys.readouterr().out.count("orders: existing rows are being read") == 3


def test_it_does_not_wait_without_a_scan(capsys: pytest.CaptureFixture[str]) -> None:
    clock = SteppingClock()
    await_end("orders", lambda: False, clock)
    assert clock.now == BEGIN
    assert capsys.readouterr().out == ""


def test_it_does_not_wait_for_ever() -> None:
    clock = SteppingClock()
    await_end("orders", lambda: True, clock)
    assert clock.now - BEGIN == LIMIT_S
