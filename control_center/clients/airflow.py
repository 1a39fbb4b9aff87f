"""Airflow's public API, as its user `admin`."""

from __future__ import annotations

from threading import Lock
from typing import Any

from contract.errors import UnreachableError
from control_center.clients.component import component_of
from control_center.clients.http import Http
from control_center.config import Settings


class Airflow:
    """Paths are below /api/v2; a token is fetched at first use and when one has expired."""

    def __init__(self, settings: Settings, http: Http) -> None:
        self._settings = settings
        self._http = http
        self._token = ""
        self._lock = Lock()

    @property
    def component(self) -> str:
        """The service that answers: airflow-api-server."""
        return component_of(self._settings.airflow_url)

    def health(self) -> dict[str, Any]:
        """What /monitor/health says about metadatabase, scheduler, dag_processor (no login)."""
        health: dict[str, Any] = self._http.json(
            f"{self._settings.airflow_url}/api/v2/monitor/health"
        )
        return health

    def get(self, path: str, **query: Any) -> Any:
        """The decoded answer; raises UnreachableError."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The decoded answer; raises UnreachableError."""
        return self._call("POST", path, json=body)

    def _call(self, method: str, path: str, **options: Any) -> Any:
        for _ in range(2):
            with self._lock:
                token = self._token = self._token or self._login()
            response = self._http.request(
                method,
                f"{self._settings.airflow_url}/api/v2{path}",
                headers={"Authorization": f"Bearer {token}"},
                **options,
            )
            if response.status_code != 401:
                break
            self._forget(token)
        if not response.is_success:
            answer = f"{response.status_code} to {method} {path} ({response.text[:200].strip()})"
            raise UnreachableError(self.component, f"answers {answer}")
        return response.json()

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._token == token:
                self._token = ""

    def _login(self) -> str:
        response = self._http.request(
            "POST",
            f"{self._settings.airflow_url}/auth/token",
            json={
                "username": "admin",
                "password": self._settings.secret("airflow-admin"),
            },
        )
        if not response.is_success:
            raise UnreachableError(
                self.component, f"refuses the login of admin ({response.status_code})"
            )
        return str(response.json()["access_token"])
