"""Kafka Connect's REST API about the one connector."""

from __future__ import annotations

from typing import Any

import httpx

from contract.errors import UnreachableError
from contract.kafka.capture import REST_USER
from control_center.clients.component import component_of
from control_center.clients.http import Http
from control_center.config import CONNECTOR, Settings, SettingsError


class Connect:
    """Paths are below /connectors/NAME, e.g. "/status"."""

    def __init__(self, settings: Settings, http: Http) -> None:
        self._url = f"{settings.connect_url}/connectors/{CONNECTOR}"
        self._settings, self._http = settings, http

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The response whatever its status; raises UnreachableError if there is none."""
        return self._http.request(method, self._url + path, auth=self._login(), **options)

    def status(self) -> dict[str, Any]:
        """{connector: {state, worker_id}, tasks: […]}; raises UnreachableError."""
        status: dict[str, Any] = self._http.json(f"{self._url}/status", auth=self._login())
        return status

    def _login(self) -> tuple[str, str]:
        try:
            return REST_USER, self._settings.secret("connect-rest")
        except SettingsError as error:
            raise UnreachableError(component_of(self._url), error.cause, error.remedy) from error
