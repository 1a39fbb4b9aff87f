"""PostgreSQL's replication slot, and the WAL that waits in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.health.details.slot import SlotDetails
from contract.health.state import ProbeState
from contract.json_record import JsonRecord
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.probes import slot


@dataclass(frozen=True)
class ReplicationSlotStage(JsonRecord):
    """State and summary of the slot's probe, and its details."""

    state: ProbeState
    summary: str
    slot: SlotDetails

    def to_json(self) -> dict[str, Any]:
        """A flat object, without nesting."""
        return {"state": self.state.value, "summary": self.summary} | self.slot.to_json()


def describe(clients: Clients, _: Table | None = None) -> ReplicationSlotStage:
    """Raises UnreachableError."""
    result = slot.probe(clients)
    assert isinstance(result.details, SlotDetails)
    return ReplicationSlotStage(result.state, result.summary, result.details)
