"""Airflow's public API, as its user `admin`."""

from __future__ import annotations

from threading import Lock
from typing import Any

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.airflow import DagRun
from control_center.clients.airflow_types import AirflowHealth, Dag, last_exception, last_line
from control_center.clients.http import Http
from control_center.config import Settings


class Airflow:
    """Paths are below /api/v2. The client fetches a token at its first request and when the token
    has expired. Every method raises UnreachableError."""

    def __init__(self, settings: Settings, http: Http) -> None:
        self._settings = settings
        self._http = http
        self._token = ""
        self._lock = Lock()
        self._causes: dict[str, tuple[DagRun, str]] = {}  # of each DAG's last failure

    @property
    def component(self) -> str:
        """The service that answers: airflow-api-server."""
        return component_of(self._settings.airflow_url)

    def health(self) -> AirflowHealth:
        """The health of its processes; needs no login."""
        url = f"{self._settings.airflow_url}/api/v2/monitor/health"
        return AirflowHealth.from_json(self._http.json(url))

    def dags(self) -> list[Dag]:
        """Every parsed DAG."""
        return [Dag.from_json(dag) for dag in self.get("/dags", limit=100)["dags"]]

    def import_errors(self) -> dict[str, str]:
        """File → the last line of the trace."""
        errors = self.get("/importErrors", limit=10)["import_errors"]
        return {error["filename"]: last_line(error["stack_trace"]) for error in errors}

    def runs(self, dag: str, limit: int) -> list[DagRun]:
        """The last runs of a DAG, newest first, without the causes of failed ones."""
        answer = self.get(f"/dags/{dag}/dagRuns", limit=limit, order_by="-run_after")
        return [
            DagRun(run["dag_run_id"], run["state"], run["start_date"], run["end_date"])
            for run in answer["dag_runs"]
        ]

    def failure_cause(self, dag: str, run: DagRun) -> str:
        """The exception that failed the run, "" if its log has none."""
        # A cleared run that runs again has the same id and another end.
        known, cause = self._causes.get(dag, (None, ""))
        if known != run:
            cause = self._failure_cause(dag, run.dag_run_id)
            if cause:  # else asked again: the log may end after the run's state is known
                self._causes[dag] = run, cause
        return cause

    def get(self, path: str, **query: Any) -> Any:
        """The decoded answer."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The decoded answer."""
        return self._call("POST", path, json=body)

    def _failure_cause(self, dag: str, run: str) -> str:
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances"
        for task in self.get(path)["task_instances"]:
            if task["state"] == "failed":
                log = self.get(f"{path}/{task['task_id']}/logs/{task['try_number']}")
                return last_exception(log["content"])
        return ""

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
            cause = f"refuses the login of admin ({response.status_code})"
            raise UnreachableError(self.component, cause)
        return str(response.json()["access_token"])
