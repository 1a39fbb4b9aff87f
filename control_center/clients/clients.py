"""All clients of one process, each made at its first use."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property

from psycopg2.extensions import connection as Connection

from contract.stores.postgres.roles import Role
from control_center.clients import postgres
from control_center.clients.airflow import Airflow
from control_center.clients.cassandra import Cassandra
from control_center.clients.connect import Connect
from control_center.clients.http import Http
from control_center.clients.kafka import Kafka
from control_center.clients.prometheus import Prometheus
from control_center.clients.replay_log import ReplayLog
from control_center.clients.spark_master import SparkMaster
from control_center.config import Settings


class Clients:
    """The connections of probes, pages and jobs to the platform."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.load()

    def postgres(
        self, role: Role = Role.OBSERVER, statement_timeout_s: float = 4
    ) -> AbstractContextManager[Connection]:
        """A new connection to the database `people`."""
        return postgres.connect(self.settings, role, statement_timeout_s)

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

    @cached_property
    def replay_log(self) -> ReplayLog:
        return ReplayLog(self.settings.state / "sent-again.jsonl")
