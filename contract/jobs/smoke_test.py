"""POST /api/smoke-test: follow rows of a table through every stage, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.health.diagnosis import Diagnosis
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class SmokeTestRequest(JsonRecord):
    """`table`: its name. `rows`: how many are followed at most. `seed`: for a source whose runs
    have one; a new one if None. `patience`: multiplier of every timeout."""

    table: str
    rows: int = 5000
    seed: str | None = None
    patience: float = 1.0


@dataclass(frozen=True)
class Check(JsonRecord):
    """A row of the table: the check, whether it passed, and the evidence as a sentence.
    `details`: the numbers and keys behind the evidence; they depend on the check."""

    check: str
    ok: bool
    evidence: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SmokeTestResult(JsonRecord):
    """`rows`: how many were requested. `seed` is empty for a table whose source has none.
    `diagnosis` is None when all checks passed; `took_s` in seconds."""

    table: str
    ok: bool
    rows: int
    seed: str
    patience: float
    took_s: float
    checks: tuple[Check, ...]
    diagnosis: Diagnosis | None = None
