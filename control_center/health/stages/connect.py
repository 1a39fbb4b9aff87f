"""The connector and its tasks; their restart."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

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
    """`part`: "connector" or "task 0"; `cause`: the innermost cause of its trace, or ""."""

    part: str
    state: str
    worker: str
    cause: str


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
    """Raises UnreachableError."""
    status = clients.connect.status()
    return ConnectStage(
        connector=CONNECTOR,
        parts=tuple(
            ConnectorPart(part.name, part.state, part.worker, part.cause) for part in status.parts
        ),
    )


def restart(
    clients: Clients,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Restart:
    """Restarts connector and tasks, even if they are paused, and waits until they run, for
    CONFIRMED_S at most. Raises UnreachableError if Connect does not accept the request."""
    began = clock()
    options = {"includeTasks": "true", "onlyFailed": "false"}
    clients.connect.request("PUT", "/resume")  # otherwise a paused connector stays paused
    answer = clients.connect.request("POST", "/restart", params=options)
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
