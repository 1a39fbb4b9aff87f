"""Airflow's last runs of both DAGs."""

from __future__ import annotations

from typing import Any

from control_center.engines import Engines
from control_center.probes.airflow import DAGS

SHOWN = 10


def look(engines: Engines) -> dict[str, Any]:
    """{dags: [{dag, paused, next_run}], runs: [{dag, run, state, started_at, ended_at}]}; raises
    UnreachableError."""
    dags, runs = [], []
    for name in DAGS:
        dag = engines.airflow.get(f"/dags/{name}")
        dags.append(
            {"dag": name, "paused": dag["is_paused"], "next_run": dag.get("next_dagrun_run_after")}
        )
        found = engines.airflow.get(f"/dags/{name}/dagRuns", limit=SHOWN, order_by="-run_after")
        runs += [
            {
                "dag": name,
                "run": run["dag_run_id"],
                "state": run["state"],
                "started_at": run["start_date"],
                "ended_at": run["end_date"],
            }
            for run in found["dag_runs"]
        ]
    return {"dags": dags, "runs": runs}
