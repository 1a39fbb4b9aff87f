"""The epoch of capture is a warning until a comparison has found all tables equal in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.health.details.capture import CaptureDetails
from contract.health.state import ProbeState
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.probes.capture import evaluate, verified_epoch
from control_center.pipeline.verified import CaptureEpoch
from tests.control_center.health.tables import ORDERS

BEGAN = "2026-11-22T12:00:00+00:00"


@pytest.mark.parametrize(
    ("epoch", "verified_epoch", "state"),
    [
        (1, 0, ProbeState.OK),
        (2, 0, ProbeState.WARN),
        (3, 2, ProbeState.WARN),
        (3, 3, ProbeState.OK),
    ],
    ids=["the first", "never compared", "compared before", "compared since"],
)
def test_an_epoch(epoch: int, verified_epoch: int, state: ProbeState) -> None:
    verified = {"users": verified_epoch}
    result = evaluate(CaptureDetails(epoch, "the slot was lost", BEGAN, verified, ("users",)))
    assert result.state is state
    assert ("make repair" in result.summary) == (state is ProbeState.WARN)


def test_the_table_that_was_not_compared_is_named() -> None:
    verified = {"a": 3, "b": 2, "c": 3}
    result = evaluate(CaptureDetails(3, "the slot was lost", BEGAN, verified, ("a", "b", "c")))
    assert "rows of b that were deleted" in result.summary
    assert result.summary.endswith("; 2 other tables are equal")


def test_a_table_whose_rows_were_not_requested_is_named() -> None:
    result = evaluate(CaptureDetails(1, "first", BEGAN, {"orders": 1, "users": 1}, ("users",)))
    assert result.state is ProbeState.WARN
    assert result.summary.startswith("orders: the rows that PostgreSQL holds are not requested yet")
    assert result.summary.endswith("; 1 other table is captured")


def test_nothing_is_captured_yet() -> None:
    result = evaluate(None)
    assert (result.state, result.details) == (ProbeState.WARN, None)


def test_a_new_table_needs_no_comparison_before_the_next_epoch(tmp_path: Path) -> None:
    clients = Clients(Settings.load({"STATE": tmp_path}))
    assert verified_epoch(clients, ORDERS, CaptureEpoch(3, "first", BEGAN)) == 3
    assert verified_epoch(clients, ORDERS, CaptureEpoch(4, "slot lost", BEGAN)) == 3
