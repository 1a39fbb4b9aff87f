"""The answer of one probe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from contract.health.details import DETAILS
from contract.health.details.base import ProbeDetails
from contract.health.state import ProbeState
from contract.json_record import JsonRecord

D = TypeVar("D", bound=ProbeDetails)


@dataclass(frozen=True)
class ProbeResult(JsonRecord):
    """`component` is the service to act on, as `make logs S=` accepts it; `summary` is one
    sentence; `details` are None where the component did not answer; `took_ms` in milliseconds."""

    name: str
    state: ProbeState
    summary: str
    component: str
    details: ProbeDetails | None = None
    took_ms: int = 0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ProbeResult:
        """Details of a probe that this release does not know become None. Raises ValueError."""
        details, kind = data.get("details"), DETAILS.get(str(data.get("name")))
        known = kind.from_json(details) if kind and details is not None else None
        plain = {name: value for name, value in data.items() if name != "details"}
        result = super().from_json(plain)
        return cls(
            result.name, result.state, result.summary, result.component, known, result.took_ms
        )


def details_of(results: Iterable[ProbeResult], kind: type[D]) -> D | None:
    """The details of this kind, or None if the probe got no answer."""
    for result in results:
        if isinstance(result.details, kind):
            return result.details
    return None
