"""Prometheus: a scrape target that is down is a warning, and named."""

from __future__ import annotations

from contract.health.state import ProbeState
from control_center.health.probes.prometheus import evaluate


def test_a_target_that_is_down_is_named() -> None:
    result = evaluate({"connect": True, "kafka": False, "airflow": False})
    assert (result.state, result.component) == (ProbeState.WARN, "airflow")
    assert result.summary == "airflow, kafka gave no metrics at the last scrape"


def test_all_targets_are_up() -> None:
    result = evaluate({"connect": True, "kafka": True})
    assert (result.state, result.summary) == (ProbeState.OK, "reads 2 targets")
