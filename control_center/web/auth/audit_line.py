"""One line of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from contract.json_record import JsonRecord


class Outcome(str, Enum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class AuditLine(JsonRecord):
    """`at`: ISO 8601 in UTC. `who`: the name of a role, token or anonymous. `details` depend on the
    action. No line may hold personal data or a password."""

    at: str
    who: str
    action: str
    target: str
    outcome: Outcome
    details: Mapping[str, Any] = field(default_factory=dict)
