"""Airflow: the process that is dead, the DAGs of the deployed release, the last runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contract.health.details.airflow import AirflowDetails, DagRun
from contract.health.state import ProbeState
from control_center.clients.airflow_types import AirflowHealth, Dag, ProcessHealth
from control_center.health.probes.airflow import (
    LastRuns,
    dag_ids,
    evaluate_dags,
    evaluate_processes,
)
from tests.control_center.health.stages.in_memory import clients
from tests.control_center.health.tables import TABLES

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def health(scheduler_s: float | None = 1, processor_s: float | None = 1) -> AirflowHealth:
    """Seconds since each heartbeat; None: there was none yet."""

    def process(service: str, seconds: float | None) -> ProcessHealth:
        beat = None if seconds is None else NOW - timedelta(seconds=seconds)
        return ProcessHealth(service, True, beat)

    return AirflowHealth(
        True,
        (
            process("airflow-scheduler", scheduler_s),
            process("airflow-dag-processor", processor_s),
        ),
    )


def test_all_processes_live() -> None:
    assert evaluate_processes(health(), [], NOW) is None


@pytest.mark.parametrize(
    ("answer", "gone", "component", "summary"),
    [
        (health(scheduler_s=25), [], "airflow-scheduler", "no heartbeat for 25 s"),
        (health(processor_s=25), [], "airflow-dag-processor", "no heartbeat for 25 s"),
        (health(scheduler_s=None), [], "airflow-scheduler", "never sent a heartbeat"),
        (health(), ["airflow-scheduler"], "airflow-scheduler", "is not on the network"),
        (replace(health(), database=False), [], "postgres", "cannot reach its database"),
    ],
)
def test_the_dead_process_is_named(
    answer: AirflowHealth, gone: list[str], component: str, summary: str
) -> None:
    result = evaluate_processes(answer, gone, NOW)
    assert result is not None
    assert (result.state, result.component) == (ProbeState.FAIL, component)
    assert summary in result.summary


def test_a_process_that_airflow_calls_unhealthy() -> None:
    scheduler, processor = health().processes
    answer = AirflowHealth(True, (replace(scheduler, healthy=False), processor))
    result = evaluate_processes(answer, [], NOW)
    assert result is not None
    assert result.component == "airflow-scheduler"


BOTH = [
    Dag("ingest_users", ("release:abc",), False),
    Dag("stream_tables", ("release:abc",), False),
]
PAUSED = [replace(BOTH[0], paused=True), BOTH[1]]
NEVER_RAN = {"ingest_users": None, "stream_tables": None}
BROKEN = {"x.py": "ZeroDivisionError: division by zero"}


@pytest.mark.parametrize(
    ("dags", "errors", "release", "state", "summary"),
    [
        (BOTH, {}, "abc", ProbeState.OK, "runs release abc"),
        (BOTH, {}, None, ProbeState.FAIL, "no DAG is deployed"),
        (
            BOTH,
            {},
            "new",
            ProbeState.FAIL,
            "ingest_users is not parsed in the deployed",
        ),
        (BOTH[:1], {}, "abc", ProbeState.FAIL, "stream_tables is not parsed"),
        (BOTH, BROKEN, "abc", ProbeState.FAIL, "x.py does not import: ZeroDivisionError"),
        (
            PAUSED,
            {},
            "abc",
            ProbeState.WARN,
            "ingest_users is paused, so no new rows of users come",
        ),
    ],
)
def test_the_deployed_dags(
    dags: list[Dag],
    errors: dict[str, str],
    release: str | None,
    state: ProbeState,
    summary: str,
) -> None:
    result = evaluate_dags(dags, errors, NEVER_RAN, release)
    assert result.state is state
    assert summary in result.summary
    assert isinstance(result.details, AirflowDetails)
    assert result.details.release == release


def failed_run(cause: str) -> DagRun:
    return DagRun("manual__1", "failed", "2026-11-22T11:00:00Z", "2026-11-22T11:00:09Z", cause)


@pytest.mark.parametrize(
    ("cause", "summary"),
    [
        ("page 1: HTTP 400", "page 1: HTTP 400 (run manual__1)"),
        ("", "see its log in Airflow (run manual__1)"),
    ],
)
def test_a_failed_last_run_is_a_warning_with_its_cause(cause: str, summary: str) -> None:
    result = evaluate_dags(BOTH, {}, NEVER_RAN | {"ingest_users": failed_run(cause)}, "abc")
    assert result.state is ProbeState.WARN
    assert result.summary == f"the last run of ingest_users failed: {summary}"


def test_a_run_that_has_not_failed_and_a_dag_without_a_run() -> None:
    runs = {"ingest_users": replace(failed_run(""), state="success"), "stream_tables": None}
    assert evaluate_dags(BOTH, {}, runs, "abc").state is ProbeState.OK


def test_each_table_with_a_source_has_a_dag() -> None:
    assert dag_ids(TABLES) == ["ingest_users", "stream_tables"]


class InMemoryAirflow:
    """The newest runs of all DAGs, as (DAG, run), or (DAG, run, state)."""

    def __init__(self, *runs: tuple[str, ...]) -> None:
        self.runs = runs
        self.limits: list[object] = []

    def get(self, path: str, **query: object) -> object:
        assert path == "/dags/~/dagRuns"
        self.limits.append(query["limit"])
        return {"dag_runs": [self.answer(*run) for run in self.runs]}

    def answer(self, dag: str, run: str, state: str = "success") -> dict[str, str | None]:
        times = {"start_date": None, "end_date": None}
        return {"dag_id": dag, "dag_run_id": run, "state": state, **times}


def test_the_last_run_of_a_dag_that_runs_seldom_is_remembered() -> None:
    airflow = InMemoryAirflow(("stream_tables", "s1"), ("ingest_users", "i1"))
    runs, platform = LastRuns(), clients(airflow=airflow)
    runs.read(platform, 2)
    airflow.runs = (("stream_tables", "s3"), ("stream_tables", "s2"))
    newest = {dag: run.dag_run_id for dag, run in runs.read(platform, 2).items()}
    assert newest == {"stream_tables": "s3", "ingest_users": "i1"}
    assert airflow.limits == [100, 8], "later answers are small"


def test_a_failed_run_is_reported_while_newer_ones_run() -> None:
    airflow = InMemoryAirflow(
        ("ingest_users", "i3", "running"),
        ("ingest_users", "i2", "failed"),
        ("ingest_users", "i1"),
    )
    runs, platform = LastRuns(), clients(airflow=airflow)
    assert runs.read(platform, 1)["ingest_users"].dag_run_id == "i2"
    airflow.runs = (("ingest_users", "i4", "queued"), ("ingest_users", "i3", "running"))
    assert runs.read(platform, 1)["ingest_users"].dag_run_id == "i2", "still the last that ended"
    airflow.runs = (("ingest_users", "i4", "running"), ("ingest_users", "i3", "success"))
    assert runs.read(platform, 1)["ingest_users"].dag_run_id == "i3"


def test_the_first_run_of_a_dag_is_known_while_it_runs() -> None:
    airflow = InMemoryAirflow(("ingest_users", "i1", "queued"))
    runs, platform = LastRuns(), clients(airflow=airflow)
    assert runs.read(platform, 1)["ingest_users"].state == "queued"
    airflow.runs = (("ingest_users", "i1", "running"),)
    assert runs.read(platform, 1)["ingest_users"].state == "running"
