"""POST /api/smoke-test: follow people from the source through every stage, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.health.diagnosis import Diagnosis
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class SmokeTestRequest(JsonRecord):
    """`seed`: the source's seed, a new one if None. `patience`: multiplier of every timeout."""

    people: int = 5000
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
    """`diagnosis` is None when all checks passed; `took_s` in seconds."""

    ok: bool
    people: int
    seed: str
    patience: float
    took_s: float
    checks: tuple[Check, ...]
    diagnosis: Diagnosis | None = None
