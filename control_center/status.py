"""All probes and their diagnosis as one object: what /api/status and `make status` show."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from control_center.diagnosis import diagnose, sentence
from control_center.probes.run import Runner


def status(runner: Runner) -> dict[str, Any]:
    """{ok, sentence, diagnosis: {stage, component, cause} or None, probes: […]}."""
    results = runner.run()
    found = diagnose(results)
    return {
        "ok": found is None,
        "sentence": sentence(results),
        "diagnosis": asdict(found) if found else None,
        "probes": [result.as_json() for result in results],
    }
