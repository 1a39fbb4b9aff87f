"""Kafka Connect: the state of the connector and its tasks, and the cause in a task's trace."""

from __future__ import annotations

import pytest

from contract.errors import UnreachableError
from contract.health.details.connect import ConnectDetails
from contract.health.state import ProbeState
from control_center.clients.connect import ConnectorStatus, PartStatus
from control_center.health.probes.connect import evaluate

TRACE = """org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler
\tat org.apache.kafka.connect.runtime.Worker.run(Worker.java:1)
Caused by: java.io.IOException: wrapped
\tat x
Caused by: java.net.UnknownHostException: schema-registry
\tat y"""


def status(connector: str, *tasks: str, trace: str = "") -> ConnectorStatus:
    return ConnectorStatus(
        PartStatus("connector", connector, "connect:8083"),
        {
            str(number): PartStatus(f"task {number}", state, "connect:8083", trace)
            for number, state in enumerate(tasks)
        },
    )


def test_a_running_connector() -> None:
    result = evaluate(status("RUNNING", "RUNNING"))
    assert result.state is ProbeState.OK
    assert result.details == ConnectDetails("RUNNING", {"0": "RUNNING"}, "connect:8083")


def test_a_failed_task_names_its_root_cause() -> None:
    result = evaluate(status("RUNNING", "FAILED", trace=TRACE))
    assert result.state is ProbeState.FAIL
    cause = "java.net.UnknownHostException: schema-registry"
    assert result.summary == f"Connect's task is FAILED: {cause}"
    assert isinstance(result.details, ConnectDetails)
    assert result.details.cause == cause
    assert result.details.trace_first_line.endswith("Tolerance exceeded in error handler")


@pytest.mark.parametrize(
    ("answer", "summary"),
    [
        (status("PAUSED", "PAUSED"), "Connect's connector is PAUSED"),
        (status("RUNNING"), "the connector runs without a task"),
        (status("RUNNING", "UNASSIGNED"), "Connect's task is UNASSIGNED"),
        (status("RUNNING", "RUNNING", "FAILED"), "Connect's task is FAILED"),
    ],
)
def test_a_part_that_does_not_run_fails(answer: ConnectorStatus, summary: str) -> None:
    result = evaluate(answer)
    assert result.state is ProbeState.FAIL
    assert result.summary.startswith(summary)


@pytest.mark.parametrize("state", ["PAUSED", "STOPPED"])
def test_a_state_that_somebody_ordered_has_a_remedy(state: str) -> None:
    result = evaluate(status(state, state))
    assert state in result.summary
    assert "Restart connector and task" in result.summary


# --- connectors of other databases ---------------------------------------------------------------


def test_the_connector_of_another_database_is_named() -> None:
    """Riada's own runs, which the details say."""
    result = evaluate(status("RUNNING", "RUNNING"), {"shop": status("RUNNING", "FAILED")})
    assert (result.state, result.component) == (ProbeState.FAIL, "connect")
    assert result.summary == "shop: Connect's task is FAILED"
    assert isinstance(result.details, ConnectDetails)
    assert result.details.runs
    assert not result.details.databases["shop"].runs


def test_the_own_connector_is_the_first_cause() -> None:
    result = evaluate(status("PAUSED"), {"shop": status("FAILED")})
    assert result.summary.startswith("Connect's connector is PAUSED")
    assert evaluate(status("RUNNING", "RUNNING"), {"shop": status("RUNNING", "RUNNING")}).state is (
        ProbeState.OK
    )


def test_a_connector_of_another_database_that_is_not_registered() -> None:
    missing = UnreachableError("connect", "the connector riada-shop is not registered")
    result = evaluate(status("RUNNING", "RUNNING"), {"shop": missing})
    assert result.state is ProbeState.FAIL
    assert result.summary == "shop: the connector riada-shop is not registered"


def test_a_database_that_has_left_keeps_wal_until_its_slot_is_dropped() -> None:
    result = evaluate(status("RUNNING", "RUNNING"), left=["riada-shop"])
    assert (result.state, result.component) == (ProbeState.WARN, "connect")
    assert result.summary.startswith("riada-shop: its database has left the release")
