"""PostgreSQL's outlet: the replication slot and the WAL that waits in it."""

from __future__ import annotations

from typing import Any

from control_center.clients.clients import Clients
from control_center.health.probes import slot


def look(clients: Clients) -> dict[str, Any]:
    """The slot's evidence, `state` and `summary` of its probe."""
    found = slot.probe(clients)
    return {"state": found.state.value, "summary": found.summary} | found.evidence
