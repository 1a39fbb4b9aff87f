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
from contract.stream.dags import STREAM, ingest
from contract.table.table import Table
from control_center.clients.airflow_types import AirflowHealth, Dag
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome

OUTCOME = Outcome("airflow", "airflow-api-server")
PROCESSOR = "airflow-dag-processor"
SCHEDULER = "airflow-scheduler"
SILENT_S = 20  # heartbeats come every 5 s
MOST_RUNS = 100  # of all DAGs, in the first request
RUNS_OF_DAG = 4  # in the later ones
ENDED = ("success", "failed")  # states of a run


def probe(clients: Clients) -> ProbeResult:
    # /monitor/health shows a dead process' last heartbeat as healthy for 30 s; its name is gone
    # from the network at once.
    pool = ThreadPoolExecutor(max_workers=8)
    lookups = {
        host: pool.submit(socket.gethostbyname, host) for host in clients.settings.airflow_hosts
    }
    dags = pool.submit(clients.airflow.dags)
    errors = pool.submit(clients.airflow.import_errors)
    expected = dag_ids(clients.tables())
    runs = pool.submit(_last_runs.read, clients, len(expected))
    pool.shutdown(wait=False)
    health = clients.airflow.health()
    gone = [host for host, lookup in lookups.items() if not _resolves(lookup)]
    if failed := evaluate_processes(health, gone, datetime.now(UTC)):
        return failed
    newest = runs.result()
    last_runs = {dag: with_cause(clients, dag, newest.get(dag)) for dag in expected}
    release = clients.settings.release()
    return evaluate_dags(dags.result(), errors.result(), last_runs, release)


def dag_ids(tables: Mapping[str, Table]) -> list[str]:
    """The DAG of each table with a source, and the one that keeps the driver running."""
    return [*(ingest(name) for name, table in tables.items() if table.source), STREAM]


def newest_runs(clients: Clients, limit: int) -> dict[str, list[DagRun]]:
    """DAG → its runs among the newest runs of all DAGs, newest first; raises UnreachableError."""
    answer = clients.airflow.get("/dags/~/dagRuns", limit=limit, order_by="-run_after")
    runs: dict[str, list[DagRun]] = {}
    for run in answer["dag_runs"]:
        values = (run["dag_run_id"], run["state"], run["start_date"], run["end_date"])
        runs.setdefault(run["dag_id"], []).append(DagRun(*values))
    return runs


class LastRuns:
    """Remembers the last run of each DAG: the newest one that has ended, since a running one may
    hide that the one before failed; until one has ended, the newest. A DAG that runs seldom is not
    among the newest runs of all DAGs."""

    def __init__(self) -> None:
        self._runs: dict[str, DagRun] = {}

    def read(self, clients: Clients, dags: int) -> Mapping[str, DagRun]:
        """`dags`: how many DAGs the release has."""
        limit = min(MOST_RUNS, RUNS_OF_DAG * dags) if self._runs else MOST_RUNS
        with suppress(UnreachableError):
            for dag, runs in newest_runs(clients, limit).items():
                if ended := next((run for run in runs if run.state in ENDED), None):
                    self._runs[dag] = ended
                elif dag not in self._runs or self._runs[dag].state not in ENDED:
                    self._runs[dag] = runs[0]
        return self._runs


_last_runs = LastRuns()


def with_cause(clients: Clients, dag: str, run: DagRun | None) -> DagRun | None:
    """The run, with the cause of its failure."""
    if run is not None and run.state == "failed":
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
    """`last_runs`: each DAG that the release has → its last run. The DAGs must exist, in the
    deployed release, without import errors. A paused DAG is only a warning: somebody paused it, and
    rows that were ingested before still arrive."""
    tags = {dag.id: dag.tags for dag in dags if dag.id in last_runs}
    details = AirflowDetails(release, tags, last_runs, import_errors)
    for file, error in import_errors.items():
        return OUTCOME.fail(f"{file} does not import: {error}", details, PROCESSOR)
    if release is None:
        return OUTCOME.fail("no DAG is deployed: make deploy-dags", details, PROCESSOR)
    for name in last_runs:
        if f"release:{release}" not in tags.get(name, ()):
            summary = f"{name} is not parsed in the deployed release {release}"
            return OUTCOME.fail(summary, details, PROCESSOR)
    paused = [dag.id for dag in dags if dag.paused and dag.id in last_runs]
    if paused:
        sentences = [f"{name} is paused, so {idle(name)}: unpause it" for name in paused]
        return OUTCOME.warn("; ".join(sentences), details)
    for name, run in last_runs.items():
        if run is not None and run.state == "failed":
            cause = run.cause or "see its log in Airflow"
            summary = f"the last run of {name} failed: {cause} (run {run.dag_run_id})"
            return OUTCOME.warn(summary, details, SCHEDULER)
    return OUTCOME.ok(f"runs release {release}", details)


def idle(dag: str) -> str:
    """The consequence of the DAG's pause."""
    if dag == STREAM:
        return "a driver that ends has no successor"
    return f"no new rows of {dag.removeprefix(ingest(''))} come"


def _resolves(lookup: Future[str]) -> bool:
    try:
        return bool(lookup.result(timeout=2))
    except (OSError, LateError):
        return False
