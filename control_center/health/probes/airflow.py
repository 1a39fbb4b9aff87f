"""Airflow: do its processes live, did it parse what was deployed, how did the last runs end?"""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.health.result import ProbeResult, ProbeState

NAME = "airflow"
API = "airflow-api-server"
SILENT_S = 20  # heartbeats come every 5 s
DAGS = ("ingest_users", "stream_users")
IDLE = {
    "ingest_users": "no new people come",
    "stream_users": "a driver that ends has no successor",
}
"""DAG → what comes of it when it is paused."""


def probe(clients: Clients) -> ProbeResult:
    # /monitor/health shows a dead process' last heartbeat as healthy for 30 s; its name is gone
    # from the network at once.
    pool = ThreadPoolExecutor(max_workers=8)
    lookups = {
        host: pool.submit(socket.gethostbyname, host) for host in clients.settings.airflow_hosts
    }
    dags = pool.submit(clients.airflow.get, "/dags", limit=100)
    errors = pool.submit(clients.airflow.get, "/importErrors", limit=10)
    runs = {dag: pool.submit(last_run, clients, dag) for dag in DAGS}
    pool.shutdown(wait=False)
    try:
        health = clients.airflow.health()
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component)
    gone = [host for host, lookup in lookups.items() if not _resolves(lookup)]
    sick = judge_health(health, gone, datetime.now(UTC))
    if sick is not None:
        return sick
    try:
        return judge_dags(
            dags.result()["dags"],
            errors.result()["import_errors"],
            {dag: run.result() for dag, run in runs.items()},
            clients.settings.release(),
        )
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component)


def last_run(clients: Clients, dag: str) -> dict[str, Any] | None:
    """The DAG's newest run, or None without the DAG or a run."""
    try:
        runs = clients.airflow.get(f"/dags/{dag}/dagRuns", limit=1, order_by="-run_after")
    except UnreachableError:
        return None
    for run in runs["dag_runs"]:
        told = {key: run[key] for key in ("dag_run_id", "state", "start_date", "end_date")}
        if run["state"] == "failed":
            with suppress(UnreachableError):
                told["cause"] = failure(clients, dag, run["dag_run_id"], run["end_date"])
        return told
    return None


@lru_cache(maxsize=8)
def failure(clients: Clients, dag: str, run: str, ended_at: str) -> str:
    """What the run's failed task said last: "" if it left no word. `ended_at`: a run that is run
    again ends anew. Raises UnreachableError."""
    path = f"/dags/{dag}/dagRuns/{run}/taskInstances"
    for task in clients.airflow.get(path)["task_instances"]:
        if task["state"] == "failed":
            log = clients.airflow.get(f"{path}/{task['task_id']}/logs/{task['try_number']}")
            return raised(log["content"])
    return ""


def raised(log: list[Any]) -> str:
    """The last exception in a task's log (https://www.structlog.org/en/stable/exceptions.html)."""
    for line in reversed(log):
        for error in line.get("error_detail") or [] if isinstance(line, dict) else []:
            return f"{error['exc_value'] or error['exc_type']}"[:300]
    return ""


def judge_health(health: dict[str, Any], gone: list[str], now: datetime) -> ProbeResult | None:
    """A failing Result if a process is dead, else None. `gone`: hosts without an address."""
    if health["metadatabase"]["status"] != "healthy":
        return ProbeResult(
            NAME, ProbeState.FAIL, "Airflow cannot reach its database", "postgres", health
        )
    for part in ("scheduler", "dag_processor"):
        host = f"airflow-{part.replace('_', '-')}"
        if host in gone:
            return ProbeResult(
                NAME, ProbeState.FAIL, f"{host}: is not on the network", host, health
            )
        beat = health[part].get(f"latest_{part}_heartbeat")
        silent = (now - datetime.fromisoformat(beat)).total_seconds() if beat else None
        if silent is None:
            return ProbeResult(NAME, ProbeState.FAIL, f"{host} has never reported", host, health)
        if health[part]["status"] != "healthy" or silent > SILENT_S:
            return ProbeResult(
                NAME,
                ProbeState.FAIL,
                f"{host} has been silent for {silent:.0f} s",
                host,
                health,
            )
    return None


def judge_dags(
    dags: list[dict[str, Any]],
    errors: list[dict[str, Any]],
    runs: dict[str, dict[str, Any] | None],
    release: str | None,
) -> ProbeResult:
    """Both DAGs must be there, of the deployed release, without import errors.

    A paused one is somebody's wish, and delivers what is there already: a warning.
    """
    tags = {dag["dag_id"]: [tag["name"] for tag in dag["tags"]] for dag in dags}
    evidence = {"release": release, "dags": tags, "last_runs": runs}
    processor = "airflow-dag-processor"
    if errors:
        last = errors[0]["stack_trace"].strip().splitlines()[-1]
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{errors[0]['filename']} does not import: {last}",
            processor,
            evidence | {"import_errors": errors},
        )
    if release is None:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            "no DAG is deployed: make deploy-dags",
            processor,
            evidence,
        )
    for dag in DAGS:
        if f"release:{release}" not in tags.get(dag, []):
            return ProbeResult(
                NAME,
                ProbeState.FAIL,
                f"{dag} is not parsed in the deployed release {release}",
                processor,
                evidence,
            )
    paused = [dag["dag_id"] for dag in dags if dag["is_paused"] and dag["dag_id"] in DAGS]
    if paused:
        told = "; ".join(f"{dag} is paused, so {IDLE[dag]}: unpause it" for dag in paused)
        return ProbeResult(NAME, ProbeState.WARN, told, API, evidence)
    for dag, run in runs.items():
        if run and run["state"] == "failed":
            cause = f": {run['cause']}" if run.get("cause") else ""
            told = f"the last run of {dag} failed{cause}"
            return ProbeResult(NAME, ProbeState.WARN, told, "airflow-scheduler", evidence)
    return ProbeResult(NAME, ProbeState.OK, f"runs release {release}", API, evidence)


def _resolves(lookup: Any) -> bool:
    try:
        return bool(lookup.result(timeout=2))
    except (OSError, LateError):
        return False
