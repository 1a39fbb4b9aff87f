"""Messages that wait are a failure only if nothing is written meanwhile."""

from __future__ import annotations

import pytest

from contract.health.details.lag import LagDetails, TableLag
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.probes.lag import NO_ROWS, evaluate

DELIVERED = TableLag({"0": 0, "1": 0}, None, 900.0, 240)
ON_THEIR_WAY = TableLag({"0": 1000, "1": 204}, 1.5, 0.8)
STALLED = TableLag({"0": 7}, 90.0, 75.0)


def users(lag: TableLag) -> ProbeResult:
    """The result when users is the only table."""
    return evaluate({"users": lag})


def test_everything_is_delivered() -> None:
    result = users(DELIVERED)
    assert (result.state, result.summary) == (ProbeState.OK, "all rows delivered, 240 ms behind")


def test_rows_on_their_way() -> None:
    result = users(ON_THEIR_WAY)
    assert result.state is ProbeState.OK
    assert result.summary == "1,204 rows are on their way, the oldest for 1.5 s"
    assert result.details == LagDetails({"users": ON_THEIR_WAY})
    assert isinstance(result.details, LagDetails)
    assert result.details.waiting == 1204


def test_rows_that_wait_while_nothing_is_written() -> None:
    result = users(STALLED)
    assert result.state is ProbeState.FAIL
    assert result.summary == (
        "users waits: the Spark driver has written none of its rows for 75 s, 7 messages wait"
    )


def test_a_slow_machine_gets_more_time() -> None:
    assert evaluate({"users": STALLED}, stalled_s=75.0).state is ProbeState.OK


@pytest.mark.parametrize(
    ("lag", "state"),
    [
        (TableLag({"0": 7}, 2.0, 3600.0), ProbeState.OK),
        (TableLag({"0": 90_000}, 300.0, 1.0), ProbeState.OK),
        (TableLag({"0": 7}, 90.0, None), ProbeState.FAIL),
    ],
    ids=["the first rows after a long pause", "a backlog that shrinks", "no batch ever"],
)
def test_the_younger_of_oldest_message_and_newest_batch_decides(
    lag: TableLag, state: ProbeState
) -> None:
    assert users(lag).state is state


@pytest.mark.parametrize(
    ("lags", "state", "summary"),
    [
        (
            {"orders": TableLag({"0": 0}, None, 9.0, 700), "users": DELIVERED},
            ProbeState.OK,
            "all rows of 2 tables delivered, orders 700 ms behind",
        ),
        (
            {"orders": ON_THEIR_WAY, "users": DELIVERED},
            ProbeState.OK,
            "1,204 rows of orders are on their way, the oldest for 1.5 s; "
            "1 other table has no waiting rows",
        ),
        (
            {"orders": ON_THEIR_WAY, "users": TableLag({"0": 3}, 9.0, 0.1)},
            ProbeState.OK,
            "3 rows of users are on their way, the oldest for 9.0 s; also rows of 1 table",
        ),
        (
            {"orders": STALLED, "users": DELIVERED},
            ProbeState.FAIL,
            "orders waits: the Spark driver has written none of its rows for 75 s, 7 messages "
            "wait; 1 other table delivers",
        ),
        ({}, ProbeState.OK, NO_ROWS),
    ],
    ids=["all delivered", "one on its way", "both on their way", "one stalls", "no table"],
)
def test_several_tables(lags: dict[str, TableLag], state: ProbeState, summary: str) -> None:
    result = evaluate(lags)
    assert (result.state, result.summary) == (state, summary)
