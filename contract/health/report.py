"""The answer of GET /api/status."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.diagnosis import Diagnosis
from contract.health.result import ProbeResult
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class HealthReport(JsonRecord):
    """`ok`: no probe fails. `since_s`: seconds since the diagnosis names this stage.
    `rows_in_slot`: committed rows that are not on the topic yet, None if unknown. `diagnosis`: None
    if no probe fails. `probes` are in the order of dependency."""

    ok: bool
    sentence: str
    since_s: int
    rows_in_slot: int | None
    diagnosis: Diagnosis | None
    probes: tuple[ProbeResult, ...]
