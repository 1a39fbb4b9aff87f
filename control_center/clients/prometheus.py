"""Prometheus: the history of the metrics of probes and exporters, and the alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contract.errors import UnreachableError
from contract.health.component import component_of
from control_center.clients.http import Http


@dataclass(frozen=True)
class Series:
    """`points`: (epoch seconds, value), oldest first, without NaN."""

    labels: Mapping[str, str]
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class Alert:
    """An alert that is pending or firing; `active_at` is aware UTC."""

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
    """Prometheus' HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/)."""

    def __init__(self, url: str, http: Http) -> None:
        self._url, self._http = url, http

    def range(self, query: str, start: float, end: float, step_s: float) -> list[Series]:
        """The query's series between two epoch seconds; raises UnreachableError."""
        parameters = {
            "query": query,
            "start": f"{start:.0f}",
            "end": f"{end:.0f}",
            "step": f"{step_s:g}",
        }
        return [
            Series(
                series["metric"],
                [(at, float(value)) for at, value in series["values"] if value != "NaN"],
            )
            for series in self._ask("query_range", parameters)["result"]
        ]

    def now(self, query: str) -> list[tuple[Mapping[str, str], float]]:
        """(labels, value) of an instant query; raises UnreachableError."""
        samples = self._ask("query", {"query": query})["result"]
        return [(sample["metric"], float(sample["value"][1])) for sample in samples]

    def alerts(self) -> list[Alert]:
        """Pending and firing alerts, oldest first; raises UnreachableError."""
        alerts = [_alert(alert) for alert in self._ask("alerts", {})["alerts"]]
        return sorted(alerts, key=lambda alert: alert.active_at)

    def _ask(self, endpoint: str, parameters: dict[str, str]) -> Any:
        answer = self._http.json(f"{self._url}/api/v1/{endpoint}", params=parameters)
        if answer.get("status") != "success":
            cause = f"refuses the query ({answer.get('error', 'no reason given')})"
            raise UnreachableError(component_of(self._url), cause)
        return answer["data"]


def _alert(data: Mapping[str, Any]) -> Alert:
    labels = data["labels"]
    return Alert(
        name=labels.get("alertname", "?"),
        state=data["state"],
        severity=labels.get("severity", ""),
        summary=data["annotations"].get("summary", ""),
        remedy=data["annotations"].get("remedy", ""),
        active_at=datetime.fromisoformat(data["activeAt"][:19] + "+00:00"),
        labels={key: text for key, text in labels.items() if key != "alertname"},
    )
