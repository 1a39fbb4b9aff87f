"""Kafka Connect's REST API about the connectors, one per database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.java_trace import root_cause
from contract.kafka.capture import REST_SECRET, REST_USER, connector
from control_center.clients.http import Http
from control_center.config import Settings, SettingsError

MAX_CAUSE_LENGTH = 300


@dataclass(frozen=True)
class PartStatus:
    """The connector or one of its tasks. `name`: "connector", "task 0"; `worker`: "host:port";
    `trace`: a Java trace, "" while the part runs."""

    name: str
    state: str
    worker: str
    trace: str = ""

    @property
    def cause(self) -> str:
        """The innermost cause of the trace; "" without a trace."""
        return root_cause(self.trace)[:MAX_CAUSE_LENGTH]


@dataclass(frozen=True)
class ConnectorStatus:
    connector: PartStatus
    tasks: Mapping[str, PartStatus]  # number of the task → its status

    @property
    def parts(self) -> tuple[PartStatus, ...]:
        return (self.connector, *self.tasks.values())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ConnectorStatus:
        """The status in the answer of /connectors/NAME/status."""
        return cls(
            connector=_part("connector", data["connector"]),
            tasks={str(task["id"]): _part(f"task {task['id']}", task) for task in data["tasks"]},
        )


class Connect:
    """Paths are below /connectors/NAME, e.g. "/status". `database`: whose connector; "" for Riada's
    own."""

    def __init__(self, settings: Settings, http: Http) -> None:
        self._url = f"{settings.connect_url}/connectors"
        self._settings, self._http = settings, http

    @property
    def component(self) -> str:
        return component_of(self._url)

    def request(self, method: str, path: str, database: str = "", **options: Any) -> httpx.Response:
        """The response whatever its status; raises UnreachableError if there is none."""
        url = f"{self._url}/{connector(database)}{path}"
        return self._http.request(method, url, auth=self._login(), **options)

    def status(self, database: str = "") -> ConnectorStatus:
        """Raises UnreachableError, also when the connector is not registered."""
        response = self.request("GET", "/status", database)
        if response.status_code == 404:
            cause = f"the connector {connector(database)} is not registered"
            raise UnreachableError(self.component, cause)
        if not response.is_success:
            raise UnreachableError(self.component, f"answers {response.status_code}")
        return ConnectorStatus.from_json(response.json())

    def names(self) -> list[str]:
        """The connectors that are registered. Raises UnreachableError."""
        response = self._http.request("GET", self._url, auth=self._login())
        if not response.is_success:
            raise UnreachableError(self.component, f"answers {response.status_code}")
        return [str(name) for name in response.json()]

    def _login(self) -> tuple[str, str]:
        try:
            return REST_USER, self._settings.secret(REST_SECRET)
        except SettingsError as error:
            raise UnreachableError(self.component, error.cause, error.remedy) from error


def _part(name: str, data: Mapping[str, Any]) -> PartStatus:
    return PartStatus(name, data["state"], data["worker_id"], data.get("trace") or "")
