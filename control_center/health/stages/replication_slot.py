"""The replication slot of each database, and the WAL that waits in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.health.details.slot import SlotDetails
from contract.health.state import ProbeState
from contract.json_record import JsonRecord
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import SLOT
from control_center.health.probes import slot


@dataclass(frozen=True)
class Finding(JsonRecord):
    """About one slot."""

    state: ProbeState
    summary: str


@dataclass(frozen=True)
class ReplicationSlotStage(JsonRecord):
    """State and summary of the slots' probe, and its details. `findings`: name of each database, ""
    for Riada's own → what the probe found about its slot."""

    state: ProbeState
    summary: str
    slot: SlotDetails
    findings: Mapping[str, Finding] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A flat object, without nesting."""
        return {"state": self.state.value, "summary": self.summary} | self.slot.to_json()


def describe(clients: Clients, _: Table | None = None) -> ReplicationSlotStage:
    """Raises UnreachableError."""
    result = slot.probe(clients)
    assert isinstance(result.details, SlotDetails)
    databases = clients.databases()
    results = {
        name: slot.evaluate(details, clients.tables(), databases[name].slot if name else SLOT)
        for name, details in result.details.every.items()
    }
    findings = {name: Finding(of.state, of.summary) for name, of in results.items()}
    return ReplicationSlotStage(result.state, result.summary, result.details, findings)
