"""The epoch of capture is a warning until a comparison has found all equal in it."""

from __future__ import annotations

import pytest

from contract.health.details.capture import CaptureDetails
from contract.health.state import ProbeState
from control_center.health.probes.capture import evaluate

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
    result = evaluate(CaptureDetails(epoch, "the slot was lost", BEGAN, verified_epoch))
    assert result.state is state
    assert ("make repair" in result.summary) == (state is ProbeState.WARN)


def test_nothing_is_captured_yet() -> None:
    result = evaluate(None)
    assert (result.state, result.details) == (ProbeState.WARN, None)
