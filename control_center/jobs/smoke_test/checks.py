"""The table that a smoke test ends with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from control_center.health.diagnosis import Diagnosis


@dataclass(frozen=True)
class Check:
    """One row: what was checked, how it came out, and what shows it."""

    check: str
    ok: bool
    evidence: str
    details: dict[str, Any] = field(default_factory=dict)


class FellShortError(Exception):
    """The smoke test ends here: this stage fell short for this cause."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(str(diagnosis))
        self.diagnosis = diagnosis


class Checks:
    """Collects rows; the first one that is not ok ends the smoke test."""

    def __init__(self) -> None:
        self.rows: list[Check] = []

    def add(
        self, check: str, ok: bool, evidence: str, otherwise: Diagnosis, **details: Any
    ) -> None:
        """Adds a row; raises FellShortError with `otherwise` if it is not ok."""
        self.rows.append(Check(check, ok, evidence, details))
        if not ok:
            raise FellShortError(otherwise)

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(row) for row in self.rows]
