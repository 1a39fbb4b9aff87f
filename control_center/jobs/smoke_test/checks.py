"""The table of checks that a smoke test returns."""

from __future__ import annotations

from typing import Any

from contract.errors import ComponentError
from contract.health.diagnosis import Diagnosis
from contract.jobs.smoke_test import Check
from control_center.pipeline.row_diff import Difference


class CheckFailedError(ComponentError):
    """A check failed and ended the smoke test; `diagnosis` names the cause."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.component, diagnosis.cause)
        self.diagnosis = diagnosis

    def __str__(self) -> str:
        return str(self.diagnosis)


def counts(total: int, difference: Difference) -> str:
    """The difference of `total` rows in a sentence."""
    missing, differing = len(difference.missing), len(difference.columns)
    return (
        f"{total - missing - differing:,} of {total:,} equal in every field, "
        f"{missing} missing, {differing} differing"
    )


class Checks:
    """Collects rows; the first one that is not ok ends the smoke test."""

    def __init__(self) -> None:
        self.rows: list[Check] = []

    def passed(self, check: str, evidence: str, **details: Any) -> None:
        """Adds a row that is ok."""
        self.rows.append(Check(check, True, evidence, details))

    def add(
        self, check: str, ok: bool, evidence: str, diagnosis: Diagnosis, **details: Any
    ) -> None:
        """Adds a row; raises CheckFailedError with `diagnosis` if it is not ok."""
        self.rows.append(Check(check, ok, evidence, details))
        if not ok:
            raise CheckFailedError(diagnosis)
