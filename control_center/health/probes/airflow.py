"""Airflow: are its processes alive, did it parse the deployed release, and how did the last runs
end?"""

from __future__ import annotations

import socket
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from contract.errors import UnreachableError
from contract.health.details.airflow import AirflowDetails, DagRun
from contract.health.result import ProbeResult
from control_center.clients.airflow_types import AirflowHealth, Dag
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome

OUTCOME = Outcome("airflow", "airflow-api-server")
PROCESSOR = "airflow-dag-processor"
SCHEDULER = "airflow-scheduler"
SILENT_S = 20  # heartbeats come every 5 s
DAGS = ("ingest_users", "stream_users")
# DAG → the consequence of its pause
IDLE = {
    "ingest_users": "no new people come",
    "stream_users": "a driver that ends has no successor",
}


def probe(clients: Clients) -> ProbeResult:
    # /monitor/health shows a dead process' last heartbeat as healthy for 30 s; its name is gone
    # from the network at once.
    pool = ThreadPoolExecutor(max_workers=8)
    lookups = {
        host: pool.submit(socket.gethostbyname, host) for host in clients.settings.airflow_hosts
    }
    dags = pool.submit(clients.airflow.dags)
    errors = pool.submit(clients.airflow.import_errors)
    runs = {dag: pool.submit(last_run, clients, dag) for dag in DAGS}
    pool.shutdown(wait=False)
    health = clients.airflow.health()
    gone = [host for host, lookup in lookups.items() if not _resolves(lookup)]
    if failed := evaluate_processes(health, gone, datetime.now(UTC)):
        return failed
    return evaluate_dags(
        dags.result(),
        errors.result(),
        {dag: run.result() for dag, run in runs.items()},
        clients.settings.release(),
    )


def last_run(clients: Clients, dag: str) -> DagRun | None:
    """The DAG's newest run, with the cause of its failure; None without the DAG or a run."""
    try:
        runs = clients.airflow.runs(dag, limit=1)
    except UnreachableError:
        return None
    if not runs:
        return None
    run = runs[0]
    if run.state == "failed":
        with suppress(UnreachableError):
            return replace(run, cause=clients.airflow.failure_cause(dag, run))
    return run


def evaluate_processes(
    health: AirflowHealth, gone: Collection[str], now: datetime
) -> ProbeResult | None:
    """A failure if a process is dead, else None. `gone`: hosts without an address."""
    if not health.database:
        return OUTCOME.fail("Airflow cannot reach its database", None, "postgres")
    for process in health.processes:
        service = process.service
        if service in gone:
            return OUTCOME.fail(f"{service}: is not on the network", None, service)
        if process.heartbeat is None:
            return OUTCOME.fail(f"{service}: has never sent a heartbeat", None, service)
        silent_s = (now - process.heartbeat).total_seconds()
        if not process.healthy or silent_s > SILENT_S:
            return OUTCOME.fail(
                f"{service}: has sent no heartbeat for {silent_s:.0f} s", None, service
            )
    return None


def evaluate_dags(
    dags: Sequence[Dag],
    import_errors: Mapping[str, str],
    last_runs: Mapping[str, DagRun | None],
    release: str | None,
) -> ProbeResult:
    """Both DAGs must exist, in the deployed release, without import errors. A paused DAG is only a
    warning: somebody paused it, and people who were ingested before still arrive."""
    tags = {dag.id: dag.tags for dag in dags}
    details = AirflowDetails(release, tags, last_runs, import_errors)
    for file, error in import_errors.items():
        return OUTCOME.fail(f"{file} does not import: {error}", details, PROCESSOR)
    if release is None:
        return OUTCOME.fail("no DAG is deployed: make deploy-dags", details, PROCESSOR)
    for name in DAGS:
        if f"release:{release}" not in tags.get(name, ()):
            summary = f"{name} is not parsed in the deployed release {release}"
            return OUTCOME.fail(summary, details, PROCESSOR)
    paused = [dag.id for dag in dags if dag.paused and dag.id in DAGS]
    if paused:
        sentences = [f"{name} is paused, so {IDLE[name]}: unpause it" for name in paused]
        return OUTCOME.warn("; ".join(sentences), details)
    for name, run in last_runs.items():
        if run is not None and run.state == "failed":
            cause = f": {run.cause}" if run.cause else ""
            return OUTCOME.warn(f"the last run of {name} failed{cause}", details, SCHEDULER)
    return OUTCOME.ok(f"runs release {release}", details)


def _resolves(lookup: Future[str]) -> bool:
    try:
        return bool(lookup.result(timeout=2))
    except (OSError, LateError):
        return False
