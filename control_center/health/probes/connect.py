"""Kafka Connect: does the worker answer, and do the connectors and their tasks run?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from contract.errors import UnreachableError, first_line
from contract.health.details.connect import ConnectDetails
from contract.health.result import ProbeResult
from contract.kafka.capture import connector
from contract.kafka.connect import BY_ORDER, ConnectorState
from control_center.clients.clients import Clients
from control_center.clients.connect import ConnectorStatus, PartStatus
from control_center.health.by_database import with_others
from control_center.health.outcome import Outcome

OUTCOME = Outcome("connect", "connect")
UNREGISTERED = ConnectDetails("", {}, "")
NO_OTHERS: Mapping[str, ConnectorStatus | UnreachableError] = MappingProxyType({})
ORDERED = "an operator ordered it; resume it on the page Stages: Restart connector and task"


def probe(clients: Clients) -> ProbeResult:
    own = clients.connect.status()
    others: dict[str, ConnectorStatus | UnreachableError] = {}
    for database in clients.databases():
        try:
            others[database] = clients.connect.status(database)
        except UnreachableError as error:
            others[database] = error
    expected = {connector(), *map(connector, others)}
    # A job about one table knows no other database.
    names = [] if clients.only else clients.connect.names()
    left = sorted(name for name in names if name.startswith(connector()) and name not in expected)
    return evaluate(own, others, left)


def evaluate(
    own: ConnectorStatus,
    others: Mapping[str, ConnectorStatus | UnreachableError] = NO_OTHERS,
    left: Sequence[str] = (),
) -> ProbeResult:
    """`others`: name of another database → the status of its connector. `left`: connectors whose
    database has left the release: capture deletes each once it has dropped its slot."""
    results = {
        database: OUTCOME.fail(status.cause)
        if isinstance(status, UnreachableError)
        else _of_one(status)
        for database, status in others.items()
    }
    for name in left:
        results[name] = OUTCOME.warn(
            "its database has left the release, and its replication slot may keep WAL there until "
            "the server answers and the connector manager has dropped it: make logs S=connect"
        )
    details = {
        database: UNREGISTERED if isinstance(status, UnreachableError) else _details(status)
        for database, status in others.items()
    }
    return with_others(_of_one(own), results, replace(_details(own), databases=details))


def _of_one(status: ConnectorStatus) -> ProbeResult:
    details = _details(status)
    stopped = _stopped(status)
    if stopped is not None:
        part = "connector" if stopped is status.connector else "task"
        cause = f": {details.cause}" if details.cause else ""
        return OUTCOME.fail(f"Connect's {part} is {stopped.state}{cause}", details)
    if not status.tasks:
        return OUTCOME.fail("the connector runs without a task", details)
    return OUTCOME.ok("connector and task are RUNNING", details)


def _stopped(status: ConnectorStatus) -> PartStatus | None:
    return next((part for part in status.parts if part.state != ConnectorState.RUNNING), None)


def _details(status: ConnectorStatus) -> ConnectDetails:
    stopped = _stopped(status)
    return ConnectDetails(
        connector=status.connector.state,
        tasks={number: task.state for number, task in status.tasks.items()},
        worker=status.connector.worker,
        trace_first_line=first_line(stopped.trace) if stopped else "",
        cause=_cause(stopped) if stopped else "",
    )


def _cause(part: PartStatus) -> str:
    return ORDERED if part.state in BY_ORDER else part.cause
