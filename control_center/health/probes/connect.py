"""Kafka Connect: does the worker answer, and do connector and task run?"""

from __future__ import annotations

from contract.errors import first_line
from contract.health.details.connect import ConnectDetails
from contract.health.result import ProbeResult
from contract.kafka.connect import BY_ORDER, ConnectorState
from control_center.clients.clients import Clients
from control_center.clients.connect import ConnectorStatus, PartStatus
from control_center.health.outcome import Outcome

OUTCOME = Outcome("connect", "connect")
ORDERED = "an operator ordered it; resume it on the page Stages: Restart connector and task"


def probe(clients: Clients) -> ProbeResult:
    return evaluate(clients.connect.status())


def evaluate(status: ConnectorStatus) -> ProbeResult:
    stopped = next((part for part in status.parts if part.state != ConnectorState.RUNNING), None)
    details = ConnectDetails(
        connector=status.connector.state,
        tasks={number: task.state for number, task in status.tasks.items()},
        worker=status.connector.worker,
        trace_first_line=first_line(stopped.trace) if stopped else "",
        cause=_cause(stopped) if stopped else "",
    )
    if stopped is not None:
        part = "connector" if stopped is status.connector else "task"
        cause = f": {details.cause}" if details.cause else ""
        return OUTCOME.fail(f"Connect's {part} is {stopped.state}{cause}", details)
    if not status.tasks:
        return OUTCOME.fail("the connector runs without a task", details)
    return OUTCOME.ok("connector and task are RUNNING", details)


def _cause(part: PartStatus) -> str:
    return ORDERED if part.state in BY_ORDER else part.cause
