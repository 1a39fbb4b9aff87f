"""The running platform: tests act on it through its own APIs and published ports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.policies import WhiteListRoundRobinPolicy

from cli.clients import control_center
from cli.clients.airflow import Airflow
from cli.clients.http import call
from cli.host.paths import ROOT
from cli.installations.local import Installation
from contract.kafka.capture import CONNECTOR
from contract.stores.cassandra import tls
from contract.stores.postgres import table as postgres
from contract.stores.postgres.tls import verified
from contract.stores.tls import CA
from contract.stream import dags
from contract.table.table import Table
from tests.harness.containers import Containers
from tests.harness.external_postgres import ExternalPostgres
from tests.harness.settings import ENVIRONMENT
from tests.harness.tables import USERS
from tests.harness.wait import eventually

JOB_LIMIT_S = 420
RUN_LIMIT_S = 420
INGEST = dags.ingest(USERS.name)


class Platform(Containers):
    """`servers`: other PostgreSQL servers, by the names of their databases."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self.servers: dict[str, ExternalPostgres] = {}

    # --- commands -------------------------------------------------------------------------------

    def command(
        self, name: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `python3 -m cli <name>` on this installation, output captured as text."""
        return self.command_of(ROOT, name, *arguments, **variables)

    def command_of(
        self, checkout: Path, name: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of another checkout on this installation."""
        with self.begin(checkout, name, *arguments, **variables) as process:
            stdout, stderr = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def begin(
        self, checkout: Path, name: str, *arguments: str, **variables: str
    ) -> subprocess.Popen[str]:
        """Begin a command of another checkout on this installation, output piped as text."""
        return subprocess.Popen(
            ["python3", "-m", "cli", name, *arguments],
            cwd=checkout,
            env={**os.environ, **ENVIRONMENT, **variables},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A shell's background jobs ignore SIGINT, and so would their children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    # --- Kafka Connect --------------------------------------------------------------------------

    def connector(self, action: str) -> None:
        """Pause, stop or resume Connect's connector."""
        self.connect("PUT", f"/connectors/{CONNECTOR}/{action}")

    def connect(self, method: str, path: str, body: object = None) -> Any:
        """Send a request to Kafka Connect's REST API."""
        url, secret = (
            f"{self.installation.url('connect')}{path}",
            self.installation.secret("connect-rest"),
        )
        return call(method, url, body, basic=("riada", secret))

    # --- the operator's APIs --------------------------------------------------------------------

    def control_center(self, method: str, path: str, body: object = None) -> Any:
        return control_center.ask(self.installation, method, path, body)

    def job(self, kind: str, table: str = USERS.name, **arguments: object) -> dict[str, Any]:
        """Run a job of the Control Center (smoke-test, compare) and return its result."""
        body = {"table": table} | arguments
        number = self.control_center("POST", f"/api/{kind}", body)["id"]

        def finished() -> dict[str, Any] | None:
            job = self.control_center("GET", f"/api/{kind}/{number}")
            return job if job["state"] != "running" else None

        job = eventually(finished, f"{kind} {number} finished", JOB_LIMIT_S)
        return dict(job["result"])

    def assert_equal_everywhere(self, table: str = USERS.name) -> dict[str, Any]:
        """PostgreSQL, topic and Cassandra are equal in count and in every field."""
        result: dict[str, Any] = {}

        def equal() -> bool:
            result.clear()
            result.update(self.job("compare", table))
            return bool(result["ok"])

        try:
            eventually(equal, f"{table}: PostgreSQL = topic = Cassandra", 240, pause_s=5)
        except AssertionError:
            raise AssertionError(json.dumps(result, indent=1)) from None
        return result

    def assert_status_ok(self, limit_s: float = 240) -> None:
        status: dict[str, Any] = {}

        def ok() -> bool:
            status.update(self.control_center("GET", "/api/status"))
            return bool(status["ok"])

        try:
            eventually(ok, "status ok", limit_s, pause_s=3)
        except AssertionError:
            raise AssertionError(json.dumps(status, indent=1)) from None

    def await_repair_asked(self, cause: str, limit_s: float) -> None:
        """Wait until status names the cause and asks for `make repair`."""

        def asked() -> bool:
            sentence = self.control_center("GET", "/api/status")["sentence"]
            assert cause in sentence and "make repair" in sentence, sentence
            return True

        eventually(asked, f"status names {cause!r} and make repair", limit_s)

    def assert_repaired(self, table: str = USERS.name) -> None:
        """Run the command that status names; then all stores are equal."""
        eventually(lambda: self.job("repair", table)["ok"], f"{table} repaired", 400)
        self.assert_equal_everywhere(table)
        self.assert_status_ok()

    def restore(self) -> None:
        """Send changes that were lost or never published."""
        self.assert_status_ok()
        self.job("repair")
        self.assert_equal_everywhere()

    # --- Airflow --------------------------------------------------------------------------------

    def ingest(self, count: int, seed: str = "", rate: float = 0, **conf: object) -> str:
        """Start a run of `ingest_users` and return its id."""
        seed = seed or f"test-{uuid.uuid4().hex[:12]}"
        return self.run(INGEST, count=count, seed=seed, rate=rate, **conf)

    def run(self, dag: str, /, **conf: object) -> str:
        """Start a run of a DAG and return its id."""
        body = {"logical_date": None, "conf": conf}
        run = Airflow(self.installation).ask("POST", f"/dags/{dag}/dagRuns", body)
        return str(run["dag_run_id"])

    def run_state(self, run: str, dag: str = INGEST) -> str:
        answer = Airflow(self.installation).ask("GET", f"/dags/{dag}/dagRuns/{run}")
        return str(answer["state"])

    def task_state(self, run: str, task: str, dag: str = INGEST) -> str:
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances/{task}"
        return str(Airflow(self.installation).ask("GET", path)["state"])

    def await_run(self, run: str, limit_s: float = RUN_LIMIT_S, dag: str = INGEST) -> None:
        """Wait until a run has stored its rows; its later tasks only check where the rows are. If
        it failed, fail at once."""
        task = dags.INGEST_TASK
        state = eventually(
            lambda: (state := self.task_state(run, task, dag)) in ("success", "failed") and state,
            f"DAG run {run} stored its rows",
            limit_s,
            pause_s=2,
        )
        assert state == "success", f"DAG run {run}: {state}; make logs S=airflow-scheduler"

    def await_end(self, run: str, limit_s: float = RUN_LIMIT_S, dag: str = INGEST) -> None:
        """Wait until a run succeeds with all its tasks, so that it is the last one that ended."""
        self.await_run(run, limit_s, dag)
        state = eventually(
            lambda: (state := self.run_state(run, dag)) in ("success", "failed") and state,
            f"DAG run {run} ended",
            limit_s,
            pause_s=2,
        )
        assert state == "success", f"DAG run {run}: {state}; make logs S=airflow-scheduler"

    def pause(self, dag: str, paused: bool) -> None:
        Airflow(self.installation).ask("PATCH", f"/dags/{dag}", {"is_paused": paused})

    def end_runs(self, dag: str) -> None:
        """Mark a DAG's running runs as failed, which ends their tasks."""
        airflow = Airflow(self.installation)
        for run in airflow.ask("GET", f"/dags/{dag}/dagRuns?state=running")["dag_runs"]:
            airflow.ask("PATCH", f"/dags/{dag}/dagRuns/{run['dag_run_id']}", {"state": "failed"})

    # --- stores ---------------------------------------------------------------------------------

    @contextmanager
    def postgres(self, role: str = "ingest", database: str = "") -> Iterator[Any]:
        """Connect to database people as a role of contract/stores/postgres/roles.py, or to another
        database as the role that writes its rows; the caller commits."""
        if database:
            with self.servers[database].connect() as connection:
                yield connection
            return
        connection = psycopg2.connect(
            host="localhost",
            port=self.installation.ports["postgres"],
            dbname="people",
            user=role,
            password=self.installation.secret(f"postgres-{role}"),
            connect_timeout=5,
            **verified(self.installation.secrets / CA),
        )
        try:
            yield connection
        finally:
            connection.close()

    def sql(
        self,
        statement: str,
        values: Sequence[object] = (),
        role: str = "ingest",
        database: str = "",
    ) -> list[tuple[Any, ...]]:
        """Run one statement, commit, and return its rows."""
        with self.postgres(role, database) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def count(self, table: Table = USERS) -> int:
        """Number of the table's rows in PostgreSQL."""
        query = f"SELECT count(*) FROM {postgres.qualified(table)}"
        counted = self.sql(query, role="observer", database=table.database)
        return int(counted[0][0])

    @contextmanager
    def cassandra(self, role: str = "observer", node: int = 0) -> Iterator[Session]:
        """Open keyspace people as role observer, spark (may write) or riada (administrator), on a
        node, counted from 0."""
        local, secret = "127.0.0.1", {"riada": "admin"}.get(role, role)
        profile = ExecutionProfile(
            load_balancing_policy=WhiteListRoundRobinPolicy([local]), request_timeout=30
        )
        cluster = Cluster(
            [local],
            port=self.installation.ports["cassandra"] + node,
            auth_provider=PlainTextAuthProvider(
                role, self.installation.secret(f"cassandra-{secret}")
            ),
            **tls.verified(self.installation.secrets / CA),
            execution_profiles={EXEC_PROFILE_DEFAULT: profile},
            protocol_version=5,
        )
        try:
            yield cluster.connect("people")
        finally:
            cluster.shutdown()
