"""The answers of Airflow's API that the Control Center reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PROCESSES = ("scheduler", "dag_processor")


@dataclass(frozen=True)
class ProcessHealth:
    """`service`: such as airflow-scheduler; `heartbeat`: the last one, None before the first."""

    service: str
    healthy: bool
    heartbeat: datetime | None


@dataclass(frozen=True)
class AirflowHealth:
    """`database`: can Airflow reach its database?"""

    database: bool
    processes: tuple[ProcessHealth, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AirflowHealth:
        """The health in the answer of /monitor/health."""
        return cls(
            database=data["metadatabase"]["status"] == "healthy",
            processes=tuple(_process(name, data[name]) for name in PROCESSES),
        )


@dataclass(frozen=True)
class Dag:
    """`next_run`: ISO 8601, None if no run is planned."""

    id: str
    tags: tuple[str, ...]
    paused: bool
    next_run: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Dag:
        return cls(
            id=data["dag_id"],
            tags=tuple(tag["name"] for tag in data["tags"]),
            paused=data["is_paused"],
            next_run=data.get("next_dagrun_run_after"),
        )


def last_exception(log: list[Any]) -> str:
    """The last exception in a task's log, at most 300 characters; "" if there is none
    (https://www.structlog.org/en/stable/exceptions.html)."""
    for line in reversed(log):
        if not isinstance(line, dict):
            continue
        for error in line.get("error_detail") or []:
            return str(error["exc_value"] or error["exc_type"])[:300]
    return ""


def last_line(trace: str) -> str:
    """The line of a Python trace that names the exception."""
    return (trace.strip().splitlines() or ["no trace"])[-1]


def _process(name: str, data: Mapping[str, Any]) -> ProcessHealth:
    heartbeat = data.get(f"latest_{name}_heartbeat")
    return ProcessHealth(
        service=f"airflow-{name.replace('_', '-')}",
        healthy=data["status"] == "healthy",
        heartbeat=datetime.fromisoformat(heartbeat) if heartbeat else None,
    )
