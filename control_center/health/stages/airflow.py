"""Airflow's last runs of both DAGs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from contract.json_record import JsonRecord
from control_center.clients.clients import Clients
from control_center.health.probes.airflow import DAGS

SHOWN = 10


@dataclass(frozen=True)
class DagRow(JsonRecord):
    """`next_run`: ISO 8601, None if no run is planned."""

    dag: str
    paused: bool
    next_run: str | None


@dataclass(frozen=True)
class RunRow(JsonRecord):
    """Times are ISO 8601."""

    dag: str
    run: str
    state: str
    started_at: str | None
    ended_at: str | None


@dataclass(frozen=True)
class AirflowStage(JsonRecord):
    """`runs`: the last SHOWN of each DAG, newest first."""

    dags: tuple[DagRow, ...]
    runs: tuple[RunRow, ...]


def describe(clients: Clients) -> AirflowStage:
    """Raises UnreachableError."""
    with ThreadPoolExecutor(max_workers=1 + len(DAGS)) as pool:
        dags = pool.submit(clients.airflow.dags)
        runs = pool.map(lambda dag: _runs(clients, dag), DAGS)
        return AirflowStage(
            dags=tuple(
                DagRow(dag.id, dag.paused, dag.next_run) for dag in dags.result() if dag.id in DAGS
            ),
            runs=tuple(run for runs_of_dag in runs for run in runs_of_dag),
        )


def _runs(clients: Clients, dag: str) -> list[RunRow]:
    return [
        RunRow(dag, run.dag_run_id, run.state, run.start_date, run.end_date)
        for run in clients.airflow.runs(dag, SHOWN)
    ]
