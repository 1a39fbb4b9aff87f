"""The streaming driver: one query for each deployed table, until another program is deployed."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyspark.sql import SparkSession

from contract.stream.driver_status import DriverState
from contract.table.table import Table
from riada_stream.comparison.channel import KafkaChannel
from riada_stream.comparison.job import Job as Comparison
from riada_stream.comparison.service import Service
from riada_stream.driver.attempts import BACKOFF_S
from riada_stream.driver.deployment import Deployment
from riada_stream.driver.session import create_session
from riada_stream.driver.shared import Shared
from riada_stream.driver.status import StatusReporter
from riada_stream.driver.stored_tables import StoredTables
from riada_stream.driver.table_worker import TableWorker
from riada_stream.driver.table_workers import TableWorkers
from riada_stream.runtime import log as logs
from riada_stream.settings import load_settings

log = logging.getLogger(__name__)

POLL_INTERVAL_S = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """0: another program is deployed, or a newer driver runs. 1: every table has failed too many
    times, or Spark's context has ended."""
    logs.configure()
    settings = load_settings(sys.argv[1:] if arguments is None else arguments)
    deployment = Deployment(settings)
    code = 0
    if not deployment.is_superseded:
        status = StatusReporter(settings)
        status.report(DriverState.STARTING)
        spark = create_session(settings)
        shared = Shared.of(spark, settings, lambda: deployment.release, status)
        Service(
            KafkaChannel(spark, settings),
            lambda request: Comparison(spark, settings, lambda: deployment.tables, request),
        ).run_as_thread()
        code = Job(
            deployment,
            status,
            TableWorkers(lambda table: TableWorker(table, shared), status.forget_table),
            StoredTables.of(shared.connection),
            shared.newer_driver,
            lambda: is_stopped(spark),
        ).run()
        spark.stop()
    log.info("job %s stops with exit code %d", settings.job, code)
    return code


def is_stopped(spark: SparkSession) -> bool:
    """Whether the Spark context has ended. Then no query can succeed."""
    stopped: bool = spark.sparkContext._jsc.sc().isStopped()
    return stopped


class Deployed(Protocol):
    """The part of driver/deployment.py that the job uses."""

    @property
    def release(self) -> str: ...

    @property
    def tables(self) -> Mapping[str, Table]: ...

    @property
    def is_superseded(self) -> bool: ...

    def poll(self) -> bool: ...


class Status(Protocol):
    """The part of driver/status.py that the job uses."""

    def take_over(self, release: str, starting: Iterable[str]) -> None: ...

    def report(self, state: DriverState | None = None, cause: str | None = None) -> None: ...


class Others(Protocol):
    """The part of driver/newer_driver.py that the job uses."""

    def has_begun(self) -> bool: ...


class Ids(Protocol):
    """The part of driver/stored_tables.py that the job uses."""

    def ids(self) -> Mapping[str, str] | None: ...


@dataclass
class Job:
    deployment: Deployed
    status: Status
    workers: TableWorkers
    stored_tables: Ids
    newer_driver: Others
    is_broken: Callable[[], bool]
    sleep: Callable[[float], None] = time.sleep

    def run(self) -> int:
        """Returns the exit code."""
        self.status.take_over(self.deployment.release, self.workers.changed(self.deployment.tables))
        self.status.report()
        while True:
            is_another = self.deployment.poll()
            if self.deployment.is_superseded:
                self.workers.stop()
                self.status.report(DriverState.STOPPED)
                return 0
            if is_another:
                changed = self.workers.changed(self.deployment.tables)
                self.status.take_over(self.deployment.release, changed)
            self.workers.reconcile(self.deployment.tables)
            if self.newer_driver.has_begun():
                self.workers.stop()  # the newer driver reports its own status
                return 0
            ids = self.stored_tables.ids()
            if ids is not None:
                self.workers.restart_lost(ids)
            if self.is_broken() or self.workers.have_failed(len(BACKOFF_S)):
                self.status.report(DriverState.RETRYING, "the driver ends and is started again")
                return 1
            self.sleep(POLL_INTERVAL_S)
