"""Airflow's API, as this machine reaches it."""

from __future__ import annotations

from typing import Any

from cli.clients.http import call
from cli.installations.local import Installation


class Airflow:
    """A logged-in client of one installation's API server."""

    def __init__(self, here: Installation) -> None:
        self.url = here.url("airflow-api-server")
        login = {"username": "admin", "password": here.secret("airflow-admin")}
        self.token: str = call("POST", f"{self.url}/auth/token", login)["access_token"]

    def ask(self, method: str, path: str, body: object = None, timeout_s: float = 30) -> Any:
        """Call e.g. `/dags/ingest_users/dagRuns` below /api/v2."""
        return call(method, f"{self.url}/api/v2{path}", body, self.token, timeout_s=timeout_s)
