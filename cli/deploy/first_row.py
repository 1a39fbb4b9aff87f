"""The first row: a DAG run of one row, followed to Cassandra."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from cli.clients import control_center, tables
from cli.clients.airflow import Airflow
from cli.clients.http import NoResponseError, ResponseError
from cli.host.errors import CliError
from cli.host.output import progress
from cli.host.poll import poll_until
from cli.installations.local import Installation
from contract.stream import dags
from contract.stream.trace import RowTrace

NO_SOURCE = "no table has a source, so there is no first row to follow"
_LIMIT_S = 240
# The oldest of the newest messages has passed more stages than the newest.
_MESSAGES = 20


def follow(installation: Installation, name: str = "") -> RowTrace | None:
    """The trace of a row that has arrived. If the topic has no message, a run of the table's DAG
    fetches a row. `name`: the table, by default the first one with a source; None if no table has
    a source."""
    chosen = tables.chosen(installation, name)
    table = chosen[0]
    if not name and not table.has_source:
        return None
    row = _Row(installation, table.name)
    if table.has_source and row.key is None and row.find() is None:
        body = {"logical_date": None, "conf": {"count": 1}}
        run = Airflow(installation).ask("POST", f"/dags/{dags.ingest(table.name)}/dagRuns", body)
        progress(f"DAG run {run['dag_run_id']} fetches a row of {table.name}")
    trace = poll_until(row.complete, _LIMIT_S, report=row.place)
    if trace is None:
        raise CliError(f"after {_LIMIT_S} s {row.place()}", "make status names the cause")
    return trace


class _Row:
    """`key`: the key of the row that is followed, once the topic has one."""

    def __init__(self, installation: Installation, table: str) -> None:
        self.key: str | None = None
        self._installation, self._table = installation, table
        self._trace: RowTrace | None = None

    def find(self) -> str | None:
        """The key of the oldest of the newest messages."""
        answer = self._ask(f"messages?limit={_MESSAGES}")
        keys = [message["key"] for message in answer["messages"]] if answer else []
        self.key = next((str(key) for key in reversed(keys) if key), None)
        return self.key

    def complete(self) -> RowTrace | None:
        """The trace when the row has passed every stage."""
        if self.key is None and self.find() is None:
            return None
        answer = self._ask(f"rows/{quote(str(self.key), safe='')}")
        if answer is None:  # such as a row that was deleted
            self.key = self._trace = None
            return None
        self._trace = control_center.decoded(RowTrace.from_json, answer)
        return self._trace if is_complete(self._trace) else None

    def place(self) -> str:
        place = "on the topic, not yet in Cassandra" if self._trace else "not yet on the topic"
        return f"the first row of {self._table} is {place}"

    def _ask(self, path: str) -> Any:
        """The answer; None if the row does not exist, or while a stage does not answer."""
        try:
            return control_center.ask(
                self._installation, "GET", f"/api/tables/{self._table}/{path}"
            )
        except ResponseError as error:
            if error.status in (404, 503):
                return None
            raise
        except NoResponseError:
            return None


def is_complete(trace: RowTrace) -> bool:
    """The job records a batch after its rows, so a row exists a moment before its batch."""
    return trace.arrived and None not in (trace.kafka, trace.spark, trace.cassandra)


def describe(trace: RowTrace) -> str:
    """The complete trace in a few lines: commit, offset, batch, write, and the milliseconds between
    them."""
    kafka, spark, cassandra = trace.kafka, trace.spark, trace.cassandra
    if kafka is None or spark is None or cassandra is None:
        raise ValueError(f"row {trace.key} has not passed every stage")
    postgres, took = trace.postgres, trace.milliseconds
    lines = [
        f"{trace.table} {trace.key}",
        f"  PostgreSQL  committed  {postgres.committed_at}  LSN {postgres.lsn}",
        f"  Kafka       on topic   {kafka.at}  partition {kafka.partition}, offset {kafka.offset}"
        f"  (+{took.commit_to_topic} ms)",
        f"  Spark       batch      {spark.started_at}  number {spark.batch_id}"
        f"  (+{took.topic_to_batch} ms)",
        f"  Cassandra   written    {cassandra.written_at}  (+{took.batch_to_written} ms)",
        f"  from commit to readable: {took.commit_to_readable} ms",
    ]
    return "\n".join(lines)
