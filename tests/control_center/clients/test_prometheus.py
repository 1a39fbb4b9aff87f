"""Prometheus' answers as series and alerts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from contract.errors import UnreachableError
from control_center.clients.http import Http
from control_center.clients.prometheus import Prometheus


class Answers(Http):
    """Gives this answer to every request."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def json(self, url: str, component: str = "", **options: Any) -> Any:
        return self._answer


def success(data: Any) -> Prometheus:
    return Prometheus("http://x", Answers({"status": "success", "data": data}))


def test_series_omit_values_that_are_not_numbers() -> None:
    answer = {"result": [{"metric": {"a": "b"}, "values": [[60, "1.5"], [120, "NaN"], [180, "2"]]}]}
    (series,) = success(answer).range("q", 0, 180, 60)
    assert (series.labels, series.points) == ({"a": "b"}, [(60, 1.5), (180, 2.0)])


def test_alerts_the_oldest_first() -> None:
    def alert(name: str, minute: int) -> dict[str, Any]:
        return {
            "labels": {"alertname": name, "severity": "critical", "node": "kafka-1"},
            "annotations": {"summary": f"summary of {name}", "remedy": "repair it"},
            "state": "firing",
            "activeAt": f"2026-11-22T12:{minute:02d}:03.123456789Z",
            "value": "1e+00",
        }

    first, second = success({"alerts": [alert("B", 5), alert("A", 1)]}).alerts()
    assert (first.name, second.name) == ("A", "B")
    assert first.active_at == datetime(2026, 11, 22, 12, 1, 3, tzinfo=UTC)
    assert (first.summary, first.remedy) == ("summary of A", "repair it")
    assert first.labels == {"severity": "critical", "node": "kafka-1"}


def test_a_refused_query_is_an_error() -> None:
    with pytest.raises(UnreachableError, match="refuses the query"):
        Prometheus("http://x", Answers({"status": "error", "error": "bad"})).now("q")
