"""The table at fault is named with its cause, and the others are counted."""

from __future__ import annotations

import pytest

from contract.health.state import ProbeState
from control_center.health.by_table import NONE_DEPLOYED, Finding, fail, ok, summarize, warn
from control_center.health.outcome import Outcome

OUTCOME = Outcome("driver", "spark-driver")
HALTED, WARNED = fail("halted: x"), warn("is new", "connect")


@pytest.mark.parametrize(
    ("findings", "state", "summary", "component"),
    [
        ({"a": ok(), "b": ok()}, ProbeState.OK, "all run", "spark-driver"),
        ({"a": HALTED}, ProbeState.FAIL, "a halted: x", "spark-driver"),
        (
            {"a": ok(), "b": HALTED},
            ProbeState.FAIL,
            "b halted: x; 1 other table delivers",
            "spark-driver",
        ),
        (
            {"a": ok(), "b": HALTED, "c": ok(), "d": HALTED, "e": WARNED},
            ProbeState.FAIL,
            "b halted: x; also d; 2 other tables deliver",
            "spark-driver",
        ),
        ({"a": WARNED}, ProbeState.WARN, "a is new", "connect"),
        ({}, ProbeState.OK, NONE_DEPLOYED, "spark-driver"),
    ],
    ids=["all ok", "the only table", "one of two", "two of five", "a warning", "no table"],
)
def test_the_summary_names_the_table_at_fault(
    findings: dict[str, Finding], state: ProbeState, summary: str, component: str
) -> None:
    result = summarize(OUTCOME, findings, "all run", None)
    assert (result.state, result.summary, result.component) == (state, summary, component)
