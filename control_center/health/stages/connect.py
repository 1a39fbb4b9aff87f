"""The connector and its tasks; its restart, and what became of it."""

from __future__ import annotations

import time
from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.config import CONNECTOR
from control_center.health.probes import connect

CONFIRMED_S = 30.0
PAUSE_S = 0.5


def look(clients: Clients) -> dict[str, Any]:
    """{connector, worker, parts: [{part, state, worker, cause}]}; raises UnreachableError."""
    status = clients.connect.status()
    parts = [("connector", status["connector"])]
    parts += [(f"task {task['id']}", task) for task in status["tasks"]]
    return {
        "connector": CONNECTOR,
        "type": status.get("type"),
        "parts": [
            {
                "part": name,
                "state": part["state"],
                "worker": part["worker_id"],
                "cause": connect.root_cause(part.get("trace") or ""),
            }
            for name, part in parts
        ],
    }


def restart(clients: Clients, confirmed_s: float = CONFIRMED_S) -> dict[str, Any]:
    """Restarts connector and tasks, paused ones too, and waits for what comes of it: {ok, states,
    took_s}. Raises UnreachableError if Connect does not take the order."""
    began = time.monotonic()
    options = {"includeTasks": "true", "onlyFailed": "false"}
    clients.connect.request("PUT", "/resume")  # a paused one stays so otherwise
    answer = clients.connect.request("POST", "/restart", params=options)
    if not answer.is_success:
        raise UnreachableError(
            connect.NAME, f"answers {answer.status_code} to the restart ({answer.text[:200]})"
        )
    seen_down, told = False, "connect: reports no state"
    while (took := time.monotonic() - began) < confirmed_s:
        time.sleep(PAUSE_S)
        try:
            states = {part["part"]: part["state"] for part in look(clients)["parts"]}
        except UnreachableError as error:
            told, seen_down = str(error), True
            continue
        told = ", ".join(f"{part} {state}" for part, state in states.items())
        runs = len(states) > 1 and set(states.values()) == {"RUNNING"}
        seen_down = seen_down or not runs
        if runs and (seen_down or took > 5):  # a moment before it restarts it still runs
            return {"ok": True, "states": told, "took_s": round(took, 1)}
    return {"ok": False, "states": told, "took_s": round(confirmed_s, 1)}
