"""The Spark master's /json/: its workers, applications and drivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from control_center.clients.http import Http


@dataclass(frozen=True)
class Worker:
    """`host`: such as spark-worker-1; `state`: ALIVE, DEAD or UNKNOWN; memory in MiB."""

    host: str
    state: str
    cores: int
    cores_used: int
    memory: int
    memory_used: int


@dataclass(frozen=True)
class Application:
    """`state`: WAITING until it has cores and memory, then RUNNING."""

    name: str
    state: str
    cores: int


@dataclass(frozen=True)
class MasterState:
    """`status`: ALIVE or STANDBY. `drivers`: id → state. A driver stays RELAUNCHING for ever after
    the death of its worker, even though a new driver replaced it."""

    status: str
    workers: tuple[Worker, ...]
    applications: tuple[Application, ...]
    drivers: Mapping[str, str]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MasterState:
        return cls(
            status=data["status"],
            workers=tuple(
                Worker(
                    worker["host"],
                    worker["state"],
                    worker["cores"],
                    worker["coresused"],
                    worker["memory"],
                    worker["memoryused"],
                )
                for worker in data["workers"]
            ),
            applications=tuple(
                Application(app["name"], app["state"], app["cores"]) for app in data["activeapps"]
            ),
            drivers={driver["id"]: driver["state"] for driver in data["activedrivers"]},
        )


class SparkMaster:
    """`url` is the master's web page."""

    def __init__(self, url: str, http: Http) -> None:
        self._url, self._http = url, http

    def state(self) -> MasterState:
        """Raises UnreachableError."""
        return MasterState.from_json(self._http.json(f"{self._url}/json/"))
