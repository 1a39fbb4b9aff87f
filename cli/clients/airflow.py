"""Airflow's API, through a port of this machine."""

from __future__ import annotations

from typing import Any

from cli.clients.http import call
from cli.installations.local import Installation

_SERVICE = "airflow-api-server"


class Airflow:
    """A logged-in client of one installation's API server."""

    def __init__(self, installation: Installation) -> None:
        self.url = installation.url(_SERVICE)
        login = {"username": "admin", "password": installation.secret("airflow-admin")}
        answer = call("POST", f"{self.url}/auth/token", login, component=_SERVICE)
        self.token: str = answer["access_token"]

    def ask(self, method: str, path: str, body: object = None, timeout_s: float = 30) -> Any:
        """Call e.g. `/dags/stream_tables/dagRuns` below /api/v2."""
        url = f"{self.url}/api/v2{path}"
        return call(method, url, body, self.token, timeout_s=timeout_s, component=_SERVICE)
