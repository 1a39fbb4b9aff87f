"""Messages that wait are a failure only if nothing is written meanwhile."""

from __future__ import annotations

import pytest

from contract.health.details.lag import LagDetails
from contract.health.state import ProbeState
from control_center.health.probes.lag import Position, evaluate


def test_everything_is_delivered() -> None:
    result = evaluate(Position({0: 0, 1: 0}, None, 900.0, 240))
    assert (result.state, result.summary) == (ProbeState.OK, "all rows delivered, 240 ms behind")


def test_rows_on_their_way() -> None:
    result = evaluate(Position({0: 1000, 1: 204}, 1.54, 0.82, None))
    assert result.state is ProbeState.OK
    assert result.summary == "1,204 rows are on their way, the oldest for 1.5 s"
    assert result.details == LagDetails(1204, {"0": 1000, "1": 204}, 1.5, 0.8, None)


def test_rows_that_wait_while_nothing_is_written() -> None:
    result = evaluate(Position({0: 7}, 90.0, 75.0, None))
    assert result.state is ProbeState.FAIL
    assert "written nothing for 75 s: 7 rows wait" in result.summary


def test_a_slow_machine_gets_more_time() -> None:
    assert evaluate(Position({0: 7}, 90.0, 75.0, None), stalled_s=75.0).state is ProbeState.OK


@pytest.mark.parametrize(
    ("position", "state"),
    [
        (Position({0: 7}, 2.0, 3600.0, None), ProbeState.OK),
        (Position({0: 90_000}, 300.0, 1.0, None), ProbeState.OK),
        (Position({0: 7}, 90.0, None, None), ProbeState.FAIL),
    ],
    ids=["the first rows after a long pause", "a backlog that shrinks", "no batch ever"],
)
def test_the_younger_of_oldest_message_and_newest_batch_decides(
    position: Position, state: ProbeState
) -> None:
    assert evaluate(position).state is state
