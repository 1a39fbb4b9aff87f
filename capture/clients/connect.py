"""Kafka Connect's REST API, as the manager uses it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

import requests

from capture.clients.source import UnavailableError
from capture.settings import Settings
from contract.health.java_trace import summary
from contract.kafka.capture import CONNECTOR, REST_SECRET, REST_USER, connector
from contract.kafka.connect import BY_ORDER, ConnectorState

TIMEOUT_S = 30
STOP_S = 60


class Run(Enum):
    """The state of the connector and its task together."""

    RUNNING = auto()
    FAILED = auto()
    ORDERED = auto()  # an operator paused or stopped it
    CHANGING = auto()  # it is being assigned or restarted
    PARTIAL = auto()  # a part runs, and another one has no worker


@dataclass(frozen=True)
class Status:
    """`trace` is the Java trace of the part that failed, "" if none failed."""

    run: Run
    trace: str = ""

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Status:
        """Reads the answer of /connectors/NAME/status."""
        parts = [answer["connector"], *answer["tasks"]]
        states = {part["state"] for part in parts}
        if states & BY_ORDER:
            return cls(Run.ORDERED)
        if ConnectorState.FAILED in states:
            failed = next(part for part in parts if part["state"] == ConnectorState.FAILED)
            return cls(Run.FAILED, failed.get("trace") or "no trace")
        if states == {ConnectorState.RUNNING, ConnectorState.UNASSIGNED}:
            return cls(Run.PARTIAL)
        return cls(
            Run.RUNNING if states == {ConnectorState.RUNNING} and len(parts) > 1 else Run.CHANGING
        )

    @property
    def cause(self) -> str:
        return summary(self.trace)


CLASSES = "riada.connect."  # the package of the connectors' classes
_OF_DATABASE = connector("x").removesuffix("x")


class Connect(Protocol):
    """Raises UnavailableError when the worker does not answer or refuses."""

    def status(self) -> Status: ...

    def configuration(self) -> dict[str, str] | None:
        """The connector's configuration; None if it is not registered."""

    def configure(self, configuration: dict[str, str]) -> None: ...

    def stop(self) -> None:
        """Stops the connector; returns once it and its task have ended."""

    def delete_offsets(self) -> None: ...

    def resume(self) -> None: ...

    def restart(self, only_failed: bool) -> None: ...

    def delete(self) -> None:
        """Deletes the connector if it is registered."""

    def delete_unknown(self) -> list[str]:
        """Deletes the connectors of earlier releases; returns their names."""


class ConnectClient:
    """A client for the connector of one database, "" for the platform's own."""

    def __init__(self, settings: Settings, database: str = "") -> None:
        self._connector = connector(database)
        self._connectors = f"{settings.connect_url}/connectors"
        self._session = requests.Session()
        self._session.auth = (REST_USER, settings.secret(REST_SECRET))

    def status(self) -> Status:
        """A starting worker reads its status topic last; until then it answers 404."""
        answer = self._ask("GET", "/status", missing=True)
        return Status(Run.CHANGING) if answer is None else Status.of(answer)

    def configuration(self) -> dict[str, str] | None:
        configuration: dict[str, str] | None = self._ask("GET", "/config", missing=True)
        return configuration

    def configure(self, configuration: dict[str, str]) -> None:
        self._ask("PUT", "/config", json=configuration)

    def stop(self) -> None:
        self._ask("PUT", "/stop")
        deadline = time.monotonic() + STOP_S
        while True:
            answer = self._ask("GET", "/status", missing=True)
            if (
                answer
                and answer["connector"]["state"] == ConnectorState.STOPPED
                and not answer["tasks"]
            ):
                return
            if time.monotonic() > deadline:
                raise UnavailableError(f"Kafka Connect: the connector does not stop: {answer}")
            time.sleep(0.5)

    def delete_offsets(self) -> None:
        self._ask("DELETE", "/offsets")

    def resume(self) -> None:
        self._ask("PUT", "/resume")

    def restart(self, only_failed: bool) -> None:
        options = f"includeTasks=true&onlyFailed={str(only_failed).lower()}"
        self._ask("POST", f"/restart?{options}")

    def delete(self) -> None:
        self._ask("DELETE", "", missing=True)

    def delete_unknown(self) -> list[str]:
        unknown = [
            name
            for name in self._registered()
            if name != CONNECTOR and not name.startswith(_OF_DATABASE)
        ]
        for name in unknown:
            self._ask("DELETE", "", connector=f"/{name}", missing=True)
        return unknown

    def others(self) -> dict[str, dict[str, str]]:
        """Name of another database → the configuration of its connector."""
        return {
            name.removeprefix(_OF_DATABASE): configuration
            for name, configuration in self._registered().items()
            if name.startswith(_OF_DATABASE)
        }

    def _registered(self) -> dict[str, dict[str, str]]:
        """Name of each connector of this project → its configuration."""
        known = self._ask("GET", "?expand=info", connector="")
        configurations = {name: answer["info"]["config"] for name, answer in known.items()}
        return {
            name: configuration
            for name, configuration in configurations.items()
            if configuration["connector.class"].startswith(CLASSES)
        }

    def _ask(
        self,
        method: str,
        path: str,
        missing: bool = False,
        connector: str | None = None,
        **body: Any,
    ) -> Any:
        """The answer's JSON; None if it is empty, or for a 404 if `missing` allows that.

        A starting worker answers 404 in HTML to every request; Connect itself answers in JSON.
        """
        place = f"/{self._connector}" if connector is None else connector
        try:
            answer = self._session.request(
                method, self._connectors + place + path, timeout=TIMEOUT_S, **body
            )
        except requests.RequestException as error:
            raise UnavailableError(f"Kafka Connect: {type(error).__name__}") from error
        is_json = "json" in answer.headers.get("Content-Type", "")
        if missing and is_json and answer.status_code == requests.codes.not_found:
            return None
        if not answer.ok:
            cause = answer.text[:500] if is_json else "the worker is starting"
            raise UnavailableError(f"Kafka Connect: {answer.status_code} {cause}")
        return answer.json() if answer.content else None
