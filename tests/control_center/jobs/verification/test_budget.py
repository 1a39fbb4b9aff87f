"""Work and rest."""

from __future__ import annotations

from functools import partial

import pytest

from control_center.jobs.verification.budget import LONGEST_S, Budget
from tests.control_center.jobs.verification.in_memory_stores import Clock


def test_the_share_is_bounded() -> None:
    clock = Clock()
    budget, began = Budget(0.1, clock), clock.now
    for seconds in (0.5, 0.0, 1.5):
        budget.spend(partial(clock.sleep, seconds))
    assert budget.busy_s == 2.0
    assert clock.now - began == pytest.approx(20.0)


def test_a_rest_has_an_end() -> None:
    clock = Clock()
    Budget(0.01, clock).spend(lambda: clock.sleep(100))
    assert clock.now == 1000 + 100 + LONGEST_S


def test_an_error_needs_no_rest() -> None:
    clock = Clock()
    with pytest.raises(ZeroDivisionError):
        Budget(0.1, clock).spend(lambda: 1 / 0)
    assert clock.now == 1000
