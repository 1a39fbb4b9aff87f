"""Prometheus: the history of what the probes and exporters measured, and the alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contract.component import component_of
from contract.errors import UnreachableError
from control_center.clients.http import Http


@dataclass(frozen=True)
class Series:
    """`points`: (epoch seconds, value), oldest first; NaN is left out."""

    labels: Mapping[str, str]
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class Alert:
    """One that is pending or firing; `active_at` is aware UTC."""

    name: str
    state: str
    severity: str
    summary: str
    remedy: str
    active_at: datetime
    labels: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        return {**self.__dict__, "active_at": self.active_at.isoformat()}


class Prometheus:
    """Its HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/)."""

    def __init__(self, url: str, http: Http) -> None:
        self._url, self._http = url, http

    def range(self, query: str, start: float, end: float, step_s: float) -> list[Series]:
        """The query's series between two epoch seconds; raises UnreachableError."""
        asked = {
            "query": query,
            "start": f"{start:.0f}",
            "end": f"{end:.0f}",
            "step": f"{step_s:g}",
        }
        return [
            Series(
                one["metric"], [(at, float(value)) for at, value in one["values"] if value != "NaN"]
            )
            for one in self._ask("query_range", asked)["result"]
        ]

    def now(self, query: str) -> list[tuple[Mapping[str, str], float]]:
        """(labels, value) of an instant query; raises UnreachableError."""
        found = self._ask("query", {"query": query})["result"]
        return [(one["metric"], float(one["value"][1])) for one in found]

    def alerts(self) -> list[Alert]:
        """Pending and firing, the oldest first; raises UnreachableError."""
        found = [
            Alert(
                name=one["labels"].get("alertname", "?"),
                state=one["state"],
                severity=one["labels"].get("severity", ""),
                summary=one["annotations"].get("summary", ""),
                remedy=one["annotations"].get("remedy", ""),
                active_at=datetime.fromisoformat(one["activeAt"][:19] + "+00:00"),
                labels={key: text for key, text in one["labels"].items() if key != "alertname"},
            )
            for one in self._ask("alerts", {})["alerts"]
        ]
        return sorted(found, key=lambda alert: alert.active_at)

    def _ask(self, what: str, query: dict[str, str]) -> Any:
        answer = self._http.json(f"{self._url}/api/v1/{what}", params=query)
        if answer.get("status") != "success":
            cause = f"refuses the query ({answer.get('error', 'no reason given')})"
            raise UnreachableError(component_of(self._url), cause)
        return answer["data"]
