"""All clients of one process, each made at its first use."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from threading import Lock

from psycopg2.extensions import connection as Connection

from contract.errors import UnreachableError
from contract.kafka.topics import dead_letters
from contract.stores.postgres.roles import Role
from contract.stores.postgres.server import PORT
from contract.stores.tls import CA
from contract.stream.deployed import Deployed
from contract.table.database import Database
from contract.table.table import Table
from control_center.clients import certificate, external, postgres
from control_center.clients.airflow import Airflow
from control_center.clients.cassandra import Cassandra
from control_center.clients.connect import Connect
from control_center.clients.http import Http
from control_center.clients.kafka import Kafka
from control_center.clients.prometheus import Prometheus
from control_center.clients.replay_log import ReplayLog
from control_center.clients.spark_master import SparkMaster
from control_center.clients.tables import Tables
from control_center.config import Settings


class Clients:
    """The connections of probes, pages and jobs to the platform."""

    def __init__(self, settings: Settings | None = None, only: str = "") -> None:
        """`only`: the name of a table. The others do not exist for these clients, so that a job
        about one table does not fail because of another."""
        self.settings = settings or Settings.load()
        self.only = only
        self._tables = Tables(self.settings.artifacts, only)
        self._replay_logs: dict[tuple[str, str], ReplayLog] = {}
        self._lock = Lock()

    def tables(self) -> Mapping[str, Table]:
        """Name → table of the release that streams; {} before the first deploy. Raises
        UnreachableError, which names a file that cannot be read."""
        return self._tables.all()

    def deployed(self) -> Deployed:
        """The release that streams, its job and its tables. Raises UnreachableError."""
        return self._tables.deployed()

    def table(self, name: str) -> Table:
        """The table of this name; raises NotFoundError, which names the tables that exist, and
        UnreachableError."""
        return self._tables.table(name)

    def postgres(
        self,
        database: str = "",
        role: Role = Role.OBSERVER,
        statement_timeout_s: float = 4,
    ) -> AbstractContextManager[Connection]:
        """A new connection to Riada's own PostgreSQL as this role, or to another one of the release
        as its one user. Raises UnreachableError, which names the database."""
        if not database:
            return postgres.connect(self.settings, role, statement_timeout_s)
        return external.connect(self.settings, self.external(database), statement_timeout_s)

    def postgres_certificate_until(self) -> float | None:
        """When the certificate of Riada's own PostgreSQL expires, in seconds since 1970; None:
        unknown."""
        return self._postgres_certificate.at()

    @cached_property
    def _postgres_certificate(self) -> certificate.Expiry:
        host, ca = self.settings.postgres_host, self.settings.secrets / CA
        return certificate.Expiry(lambda: certificate.expires_at(host, PORT, ca, timeout_s=3))

    def databases(self) -> Mapping[str, Database]:
        """Name → other PostgreSQL of the release that streams. Raises UnreachableError."""
        return self.deployed().databases

    def external(self, name: str) -> Database:
        """Raises UnreachableError."""
        databases = self.databases()
        if name not in databases:
            raise UnreachableError(name, "is no longer in the deployed release")
        return databases[name]

    @cached_property
    def http(self) -> Http:
        return Http(4.0 * self.settings.patience)

    @cached_property
    def kafka(self) -> Kafka:
        return Kafka(self.settings)

    @cached_property
    def cassandra(self) -> Cassandra:
        return Cassandra(self.settings)

    @cached_property
    def connect(self) -> Connect:
        return Connect(self.settings, self.http)

    @cached_property
    def airflow(self) -> Airflow:
        return Airflow(self.settings, self.http)

    @cached_property
    def prometheus(self) -> Prometheus:
        return Prometheus(self.settings.prometheus_url, self.http)

    @cached_property
    def spark_master(self) -> SparkMaster:
        return SparkMaster(self.settings.spark_master_ui, self.http)

    def replay_log(self, table: Table) -> ReplayLog:
        """The dead letters on the table's present dead-letter topic that were sent again; the same
        object for each call, until another process writes the file. Raises UnreachableError."""
        topic_id = self.kafka.topic_id(dead_letters(table).name)
        key = (table.name, topic_id)
        with self._lock:
            known = self._replay_logs.get(key)
            if known is None or not known.is_current:
                file = self.settings.state / "sent-again" / table.name / f"{topic_id}.jsonl"
                self._replay_logs[key] = ReplayLog(file)
            return self._replay_logs[key]
