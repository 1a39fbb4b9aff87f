"""Airflow's last runs of both DAGs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from control_center.clients.clients import Clients
from control_center.health.probes.airflow import DAGS

SHOWN = 10


def look(clients: Clients) -> dict[str, Any]:
    """{dags: [{dag, paused, next_run}], runs: [{dag, run, state, started_at, ended_at}]}; raises
    UnreachableError."""
    with ThreadPoolExecutor(max_workers=2 * len(DAGS)) as pool:
        dags = pool.map(lambda name: _dag(clients, name), DAGS)
        runs = pool.map(lambda name: _runs(clients, name), DAGS)
        return {"dags": list(dags), "runs": [run for found in runs for run in found]}


def _dag(clients: Clients, name: str) -> dict[str, Any]:
    dag = clients.airflow.get(f"/dags/{name}")
    return {"dag": name, "paused": dag["is_paused"], "next_run": dag.get("next_dagrun_run_after")}


def _runs(clients: Clients, name: str) -> list[dict[str, Any]]:
    found = clients.airflow.get(f"/dags/{name}/dagRuns", limit=SHOWN, order_by="-run_after")
    return [
        {
            "dag": name,
            "run": run["dag_run_id"],
            "state": run["state"],
            "started_at": run["start_date"],
            "ended_at": run["end_date"],
        }
        for run in found["dag_runs"]
    ]
