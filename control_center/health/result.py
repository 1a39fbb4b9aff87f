"""What one probe found out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class ProbeState(str, Enum):
    """`warn` delivers people but wants a look; `fail` does not deliver."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class ProbeResult:
    """`component` is the service to act on, as `make logs S=` names it; `summary` one sentence."""

    name: str
    state: ProbeState
    summary: str
    component: str
    evidence: dict[str, Any] = field(default_factory=dict)
    took_ms: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "state": self.state.value,
            "summary": self.summary,
            "component": self.component,
            "evidence": self.evidence,
            "took_ms": self.took_ms,
        }
