"""Airflow's API: its token, its answers, and the cause of a failed run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract.errors import UnreachableError
from contract.health.details.airflow import DagRun
from control_center.clients.airflow import Airflow
from control_center.clients.airflow_types import (
    AirflowHealth,
    Dag,
    ProcessHealth,
    last_exception,
    last_line,
)
from control_center.clients.http import Http
from control_center.config import Settings

RUN = DagRun("manual__1", "failed", "2026-11-22T11:00:00Z", "2026-11-22T11:00:09Z")
INSTANCES = "/dags/ingest_users/dagRuns/manual__1/taskInstances"


class InMemoryAirflow(Http):
    """Answers by path; only the newest token is valid."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers, self.tokens, self.paths = dict(answers), 0, []
        self.expired = False

    def request(self, method: str, url: str, component: str = "", **options: Any) -> httpx.Response:
        path = url.removeprefix("http://airflow-api-server:8080").removeprefix("/api/v2")
        if path == "/auth/token":
            self.tokens, self.expired = self.tokens + 1, False
            return httpx.Response(201, json={"access_token": f"token-{self.tokens}"})
        self.paths.append(path)
        if self.expired or options["headers"]["Authorization"] != f"Bearer token-{self.tokens}":
            return httpx.Response(401)
        if path not in self.answers:
            return httpx.Response(404, text="no such thing\n")
        return httpx.Response(200, json=self.answers[path])

    paths: list[str]


def airflow(tmp_path: Path, **answers: Any) -> tuple[Airflow, InMemoryAirflow]:
    """`answers`: path, with __ for /, → answer."""
    (tmp_path / "airflow-admin").write_text("secret")
    api = InMemoryAirflow({f"/{path.replace('__', '/')}": value for path, value in answers.items()})
    return Airflow(Settings.load({"SECRETS": str(tmp_path)}), api), api


def test_one_token_for_all_questions_until_it_expires(tmp_path: Path) -> None:
    client, api = airflow(tmp_path, dags={"dags": []})
    assert client.dags() == []
    assert client.dags() == []
    assert api.tokens == 1
    api.expired = True
    assert client.dags() == []
    assert api.tokens == 2


def test_an_error_names_the_api_server_and_the_question(tmp_path: Path) -> None:
    client, _ = airflow(tmp_path)
    with pytest.raises(UnreachableError) as raised:
        client.get("/dags")
    assert str(raised.value) == "airflow-api-server: answers 404 to GET /dags (no such thing)"


def test_dags_runs_and_import_errors(tmp_path: Path) -> None:
    run = {"dag_run_id": "manual__1", "state": "failed", "start_date": RUN.start_date}
    client, _ = airflow(
        tmp_path,
        dags={"dags": [{"dag_id": "d", "tags": [{"name": "release:abc"}], "is_paused": True}]},
        dags__d__dagRuns={"dag_runs": [run | {"end_date": RUN.end_date, "note": "x"}]},
        importErrors={"import_errors": [{"filename": "x.py", "stack_trace": "T\nE: why\n"}]},
    )
    assert client.dags() == [Dag("d", ("release:abc",), True)]
    assert client.runs("d", 1) == [RUN]
    assert client.import_errors() == {"x.py": "E: why"}


def test_the_cause_of_a_failed_run_is_read_once(tmp_path: Path) -> None:
    client, api = airflow(tmp_path)
    tasks = [{"state": "success"}, {"state": "failed", "task_id": "ingest", "try_number": 2}]
    api.answers[INSTANCES] = {"task_instances": tasks}
    error = {"exc_type": "ApiRejected", "exc_value": "HTTP 400"}
    api.answers[f"{INSTANCES}/ingest/logs/2"] = {"content": [{"error_detail": [error]}]}
    assert client.failure_cause("ingest_users", RUN) == "HTTP 400"
    questions = len(api.paths)
    assert client.failure_cause("ingest_users", RUN) == "HTTP 400"
    assert len(api.paths) == questions


def test_a_cause_that_the_log_does_not_have_yet_is_read_later(tmp_path: Path) -> None:
    client, api = airflow(tmp_path)
    api.answers[INSTANCES] = {
        "task_instances": [{"state": "failed", "task_id": "ingest", "try_number": 1}]
    }
    api.answers[f"{INSTANCES}/ingest/logs/1"] = {"content": []}
    assert client.failure_cause("ingest_users", RUN) == ""
    error = {"exc_type": "ApiRejected", "exc_value": "HTTP 400"}
    api.answers[f"{INSTANCES}/ingest/logs/1"] = {"content": [{"error_detail": [error]}]}
    assert client.failure_cause("ingest_users", RUN) == "HTTP 400"


def test_a_failed_run_without_a_failed_task_has_no_cause(tmp_path: Path) -> None:
    client, api = airflow(tmp_path)
    api.answers[INSTANCES] = {"task_instances": [{"state": "success"}]}
    assert client.failure_cause("ingest_users", RUN) == ""


def test_the_last_exception_of_a_log() -> None:
    log: list[Any] = [
        {"event": "first", "error_detail": [{"exc_type": "ValueError", "exc_value": "old"}]},
        {"event": "failed", "error_detail": [{"exc_type": "KeyError", "exc_value": ""}]},
        {"event": "the end"},
        "a line that is not JSON",
    ]
    assert last_exception(log) == "KeyError"
    assert last_exception(log[:1]) == "old"
    assert last_exception([]) == ""


def test_the_last_line_of_a_trace() -> None:
    assert last_line("Traceback\nZeroDivisionError: division by zero\n") == (
        "ZeroDivisionError: division by zero"
    )
    assert last_line("") == "no trace"


def test_the_health_of_the_processes() -> None:
    health = AirflowHealth.from_json(
        {
            "metadatabase": {"status": "healthy"},
            "scheduler": {
                "status": "healthy",
                "latest_scheduler_heartbeat": "2026-11-22T12:00:00+00:00",
            },
            "dag_processor": {"status": "unhealthy", "latest_dag_processor_heartbeat": None},
            "triggerer": {"status": None},
        }
    )
    assert health == AirflowHealth(
        True,
        (
            ProcessHealth("airflow-scheduler", True, datetime(2026, 11, 22, 12, tzinfo=UTC)),
            ProcessHealth("airflow-dag-processor", False, None),
        ),
    )
