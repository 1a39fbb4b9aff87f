"""All probes and their diagnosis as one object: what /api/status and `make status` show."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from control_center.health.monitor import Snapshot


def status(look: Snapshot) -> dict[str, Any]:
    """{ok, sentence, since_s, rows_in_slot, diagnosis: {stage, component, cause} or None,
    probes: […]}."""
    return {
        "ok": look.diagnosis is None,
        "sentence": look.sentence,
        "since_s": round(look.since_s),
        "rows_in_slot": look.in_slot,
        "diagnosis": asdict(look.diagnosis) if look.diagnosis else None,
        "probes": [result.as_json() for result in look.results],
    }
