"""PROBES is in the order of dependency, so the first failure is the root cause."""

from __future__ import annotations

import pytest

from contract.health.details import DETAILS
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.diagnosis import diagnose
from control_center.health.probes import COMPONENTS, PROBES, runner
from control_center.health.runner import DEADLINE_S

# Probe → the probes of the components without which it cannot pass.
NEEDS = {
    "backup": ["postgres"],
    "airflow": ["postgres"],
    "ingest": ["postgres", "airflow", "source"],
    "kafka": ["zookeeper"],
    "schema-registry": ["kafka"],
    "connect": ["postgres", "kafka", "schema-registry"],
    "slot": ["postgres", "databases", "connect"],
    "capture": ["postgres"],
    "topic": ["kafka", "connect"],
    "driver": ["spark", "kafka", "schema-registry", "cassandra", "airflow"],
    "lag": ["kafka", "cassandra", "driver"],
    "prometheus": ["postgres", "kafka", "cassandra", "connect"],
}


def consequences(name: str) -> set[str]:
    """Every probe that needs this one, directly or not."""
    direct = {probe for probe, needs in NEEDS.items() if name in needs}
    return direct.union(*(consequences(probe) for probe in direct))


@pytest.mark.parametrize("stopped", PROBES)
def test_a_component_that_stops_is_named_though_all_that_need_it_fail(stopped: str) -> None:
    failed = {stopped} | consequences(stopped)
    results = [
        ProbeResult(name, ProbeState.FAIL if name in failed else ProbeState.OK, "", name)
        for name in PROBES
    ]
    diagnosis = diagnose(results)
    assert diagnosis is not None
    assert diagnosis.stage == stopped


def test_every_probe_has_details_and_a_component() -> None:
    assert list(PROBES) == list(COMPONENTS)
    assert set(PROBES) == set(DETAILS)
    assert COMPONENTS["slot"] == "postgres", "the service that the probe asks"


def test_patience_multiplies_the_deadline() -> None:
    assert runner(Clients(Settings.load({}))).deadline_s == DEADLINE_S
    assert runner(Clients(Settings.load({"PATIENCE": 3}))).deadline_s == 3 * DEADLINE_S


def test_a_measure_runs_beside_the_probes() -> None:
    def measure(_: Clients) -> ProbeResult:
        return ProbeResult("stream", ProbeState.OK, "", "spark-driver")

    [result] = runner(Clients(Settings.load({})), stream=measure).run("stream")
    assert result.name == "stream"
