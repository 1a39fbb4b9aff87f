"""Airflow's DAGs and their last runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from contract.json_record import JsonRecord
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.probes.airflow import dag_ids

SHOWN = 30


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
    """`runs`: the newest SHOWN of all DAGs, newest first."""

    dags: tuple[DagRow, ...]
    runs: tuple[RunRow, ...]


def describe(clients: Clients, _: Table | None = None) -> AirflowStage:
    """Raises UnreachableError."""
    expected = dag_ids(clients.tables())
    with ThreadPoolExecutor(max_workers=1) as pool:
        dags = pool.submit(clients.airflow.dags)
        answer = clients.airflow.get("/dags/~/dagRuns", limit=SHOWN, order_by="-run_after")
        return AirflowStage(
            dags=tuple(
                DagRow(dag.id, dag.paused, dag.next_run)
                for dag in dags.result()
                if dag.id in expected
            ),
            runs=tuple(
                RunRow(
                    run["dag_id"],
                    run["dag_run_id"],
                    run["state"],
                    run["start_date"],
                    run["end_date"],
                )
                for run in answer["dag_runs"]
                if run["dag_id"] in expected
            ),
        )
