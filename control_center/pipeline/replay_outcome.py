"""The counts of one replay of dead letters."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from control_center.pipeline.dead_letter import Refusal

MAX_ERRORS = 5

TEXTS = {
    Refusal.TOO_OLD: "are too old",
    Refusal.WITHOUT_ORIGIN: "name no origin",
    Refusal.CUT: "were too large to be kept in full (their messages are on the table's topic)",
    Refusal.ERASED: "are of rows that were erased",
    Refusal.NOT_HELD: "are of rows that PostgreSQL does not hold",
}


@dataclass
class ReplayOutcome:
    """`sent`: acknowledged by every in-sync replica; `sent_before`: in an earlier replay; then one
    count for each Refusal; `errors`: the first MAX_ERRORS."""

    sent: int = 0
    sent_before: int = 0
    too_old: int = 0
    without_origin: int = 0
    cut: int = 0
    erased: int = 0
    not_held: int = 0
    errors: list[str] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        """Counts a dead letter that is not sent."""
        setattr(self, refusal.value, self.refused(refusal) + 1)

    def refused(self, refusal: Refusal) -> int:
        """The number of dead letters that were not sent for this reason."""
        count: int = getattr(self, refusal.value)
        return count

    def fail(self, error: str) -> None:
        """Keeps the error, unless there are MAX_ERRORS already."""
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(error)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ok": not self.errors}

    def __str__(self) -> str:
        parts = [f"{self.sent:,} sent again", f"{self.sent_before:,} were sent before"]
        for refusal, text in TEXTS.items():
            if count := self.refused(refusal):
                parts.append(f"{count:,} {text}")
        return "; ".join([", ".join(parts), *self.errors]) + "."
