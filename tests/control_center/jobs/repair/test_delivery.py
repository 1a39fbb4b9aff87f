"""How long a repair waits for the rows that it has sent."""

from __future__ import annotations

from control_center.jobs.compare.reconcile import CONVERGENCE_TIMEOUT_S
from control_center.jobs.repair.delivery import PAUSE_S, await_delivery
from tests.control_center.jobs.compare.in_memory import InMemoryReader, SteppingClock, change


def test_it_waits_for_what_is_committed() -> None:
    reader, clock = InMemoryReader(), SteppingClock()
    reader.passes_after = 3
    await_delivery(reader, clock)
    assert clock.sleeps == 3


def test_a_stream_that_writes_may_take_longer() -> None:
    reader = InMemoryReader()
    reader.passes_after = pauses = int(3 * CONVERGENCE_TIMEOUT_S / PAUSE_S)

    def writes() -> None:
        reader.topic[0].append(change("a", 1, "Oslo"))

    clock = SteppingClock(*[writes] * pauses)
    await_delivery(reader, clock)
    assert clock.sleeps == pauses


def test_it_does_not_wait_for_a_stream_that_stands_still() -> None:
    reader, clock = InMemoryReader(), SteppingClock()
    await_delivery(reader, clock)
    assert CONVERGENCE_TIMEOUT_S < clock.now - 100.0 <= CONVERGENCE_TIMEOUT_S + PAUSE_S
