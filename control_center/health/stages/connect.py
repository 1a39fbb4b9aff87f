"""The connectors, one per database, and their tasks; their restart."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import httpx

from contract.errors import UnreachableError
from contract.json_record import JsonRecord
from contract.kafka.connect import ConnectorState
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import CONNECTOR

CONFIRMED_S = 30.0
PAUSE_S = 0.5


@dataclass(frozen=True)
class ConnectorPart(JsonRecord):
    """`part`: "connector" or "task 0"; `cause`: the innermost cause of its trace, or "".
    `database`: whose connector; "" for Riada's own."""

    part: str
    state: str
    worker: str
    cause: str
    database: str = ""


@dataclass(frozen=True)
class ConnectStage(JsonRecord):
    connector: str
    parts: tuple[ConnectorPart, ...]


@dataclass(frozen=True)
class Restart(JsonRecord):
    """`ok`: connector and tasks run again. `states`: the state of each part, or why the states are
    unknown."""

    ok: bool
    states: str
    took_s: float


def describe(clients: Clients, _: Table | None = None) -> ConnectStage:
    """Raises UnreachableError. A connector that is not registered is left out."""
    statuses = {"": clients.connect.status()}
    for database in clients.databases():
        with suppress(UnreachableError):  # the probe names it
            statuses[database] = clients.connect.status(database)
    return ConnectStage(
        connector=CONNECTOR,
        parts=tuple(
            ConnectorPart(part.name, part.state, part.worker, part.cause, database)
            for database, status in statuses.items()
            for part in status.parts
        ),
    )


def restart(
    clients: Clients,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Restart:
    """Restarts connector and tasks, even if they are paused, and waits until they run, for
    CONFIRMED_S at most; those of other databases restart too. Raises UnreachableError if Connect
    does not accept the request."""
    began = clock()
    for database in clients.databases():
        _request(clients, database)  # the probe reports a connector that is not registered
    answer = _request(clients)
    if not answer.is_success:
        cause = f"answers {answer.status_code} to the restart ({answer.text[:200]})"
        raise UnreachableError(clients.connect.component, cause)
    was_down, states = False, f"{clients.connect.component}: reports no state"
    while (took_s := clock() - began) < CONFIRMED_S:
        sleep(PAUSE_S)
        try:
            parts = clients.connect.status().parts
        except UnreachableError as error:
            states, was_down = str(error), True
            continue
        states = ", ".join(f"{part.name} {part.state}" for part in parts)
        runs = len(parts) > 1 and all(part.state == ConnectorState.RUNNING for part in parts)
        was_down = was_down or not runs
        if runs and (was_down or took_s > 5):  # it still runs for a moment before it restarts
            return Restart(True, states, round(took_s, 1))
    return Restart(False, states, CONFIRMED_S)


def _request(clients: Clients, database: str = "") -> httpx.Response:
    """Raises UnreachableError if Connect does not answer."""
    options = {"includeTasks": "true", "onlyFailed": "false"}
    clients.connect.request("PUT", "/resume", database)  # a paused connector would stay paused
    return clients.connect.request("POST", "/restart", database, params=options)
