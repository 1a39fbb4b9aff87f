"""One line of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from contract.json_record import JsonRecord


class Outcome(str, Enum):
    """REFUSED: the caller may not do this. INVALID: the input has an error, such as a key that is
    not one; nobody tried what is not allowed."""

    DONE = "done"
    REFUSED = "refused"
    INVALID = "invalid"
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
