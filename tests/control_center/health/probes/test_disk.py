"""The disk: the probe names the components that take the most before it is full."""

from __future__ import annotations

import pytest

from contract.health.details.disk import DiskDetails
from contract.health.state import ProbeState
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.probes import disk

GIB = 1 << 30
USED = {"kafka-1": 8 * GIB, "postgres": 3 * GIB // 2}
TAKES = "of the disk is free: kafka-1 takes 8.0 GiB, postgres takes 1.5 GiB. docker system df"


@pytest.mark.parametrize(
    ("free", "state", "component", "summary"),
    [
        (1000, ProbeState.OK, "control-center", "the disk has room"),
        (999, ProbeState.WARN, "kafka-1", f"10.0% {TAKES}"),
        (100, ProbeState.WARN, "kafka-1", f"1.0% {TAKES}"),
        (99, ProbeState.FAIL, "kafka-1", f"1.0% {TAKES}"),
    ],
)
def test_the_largest_components_are_named(
    free: int, state: ProbeState, component: str, summary: str
) -> None:
    result = disk.evaluate(DiskDetails(free, 10_000, USED))
    assert (result.state, result.component) == (state, component)
    assert result.summary.startswith(summary)


def test_without_prometheus_no_component_is_named() -> None:
    result = disk.evaluate(DiskDetails(5, 100))
    assert (result.state, result.component) == (ProbeState.WARN, "control-center")
    assert result.summary.startswith("5.0% of the disk is free. docker system df")


def test_an_unreachable_prometheus_names_none() -> None:
    assert disk.used_bytes(Clients(Settings.load({}))) == {}


def test_artifacts_that_cannot_be_read_are_no_full_disk() -> None:
    result = disk.probe(Clients(Settings.load({"ARTIFACTS": "/nowhere"})))
    assert result.state is ProbeState.WARN
    assert result.details is None
