"""Work and rest."""

from __future__ import annotations

from functools import partial

import pytest

from control_center.jobs.verification.budget import ENGINES, LONGEST_S, Budget
from tests.control_center.jobs.verification.in_memory_stores import Clock


class Machine(Clock):
    """`work` takes CPU of the process and time in which it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.cpu = 0.0

    def process_time(self) -> float:
        return self.cpu

    def work(self, cpu: float, waits: float = 0.0) -> None:
        self.cpu += cpu
        self.now += cpu + waits


@pytest.mark.parametrize(
    ("cpu", "waits", "busy"),
    [
        (0.5, 0.0, 0.5),
        (0.5, 0.25, 0.75),
        (0.5, 0.5 * ENGINES, 0.5 + 0.5 * ENGINES),
        (0.5, 10.0, 0.5 + 0.5 * ENGINES),  # a busy machine
        (0.0, 0.0, 0.0),
    ],
)
def test_the_share_is_bounded(cpu: float, waits: float, busy: float) -> None:
    machine = Machine()
    budget, began = Budget(0.1, machine), machine.now
    for _ in range(3):
        budget.spend(partial(machine.work, cpu, waits))
    assert budget.busy_s == pytest.approx(3 * busy)
    assert machine.now - began == pytest.approx(30 * busy)


def test_work_that_waits_much_needs_no_rest() -> None:
    machine = Machine()
    Budget(0.1, machine).spend(partial(machine.work, 0.001, 5.0))
    assert machine.now == pytest.approx(1005.001)


def test_a_rest_has_an_end() -> None:
    machine = Machine()
    Budget(0.01, machine).spend(partial(machine.work, 100))
    assert machine.now == 1000 + 100 + LONGEST_S


def test_an_error_needs_no_rest() -> None:
    machine = Machine()
    with pytest.raises(ZeroDivisionError):
        Budget(0.1, machine).spend(lambda: 1 / 0)
    assert machine.now == 1000
