"""The streaming queries: their batches, durations, and the waiting messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from contract.json_record import JsonRecord
from contract.kafka.topics import events
from contract.stores.cassandra.batches import BatchRecord
from contract.stream.driver_status import DriverStatus
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.probes import driver, lag
from control_center.pipeline import batches

SHOWN = 20


@dataclass(frozen=True)
class WorkerRow(JsonRecord):
    """`cores` and `memory_mib`: "used of available"."""

    worker: str
    state: str
    cores: str
    memory_mib: str


@dataclass(frozen=True)
class ApplicationRow(JsonRecord):
    name: str
    state: str
    cores: int


@dataclass(frozen=True)
class QueryRow(JsonRecord):
    """The streaming query of a table, as the driver reports it."""

    table: str
    state: str
    since: str
    cause: str | None


@dataclass(frozen=True)
class PartitionLag(JsonRecord):
    """A partition of a table's topic. `end`: offset after the last message; `done`: end of
    the newest batch; `waiting`: messages between them."""

    table: str
    partition: int
    end: int
    done: int
    waiting: int


@dataclass(frozen=True)
class BatchRow(JsonRecord):
    """`written_at`: ISO 8601 in UTC; `read`: messages; `rows`: upserts and deletes; `rows_per_s`:
    None for a batch without duration."""

    batch: int
    written_at: str
    seconds: float
    read: int
    rows: int
    dead_letters: int
    rows_per_s: int | None
    release: str


@dataclass(frozen=True)
class SparkStage(JsonRecord):
    """`reported`: the driver's status; `last_error`: the cause in it, or in the table's query, if
    there is one. `queries`, and `lag` of every table; `batches`: the last SHOWN of the chosen
    table, newest first."""

    reported: Mapping[str, object]
    last_error: str | None
    workers: tuple[WorkerRow, ...]
    applications: tuple[ApplicationRow, ...]
    queries: tuple[QueryRow, ...]
    lag: tuple[PartitionLag, ...]
    batches: tuple[BatchRow, ...]


def describe(clients: Clients, table: Table | None) -> SparkStage:
    """`table`: whose batches are shown; None: of the first table. Raises UnreachableError."""
    master = clients.spark_master.state()
    tables = clients.tables()
    table = table or next(iter(tables.values()), None)
    status = driver.status(clients)
    return SparkStage(
        reported=asdict(status) if status else {},
        last_error=last_error(status),
        workers=tuple(
            WorkerRow(
                worker=worker.host,
                state=worker.state,
                cores=f"{worker.cores_used} of {worker.cores}",
                memory_mib=f"{worker.memory_used:,} of {worker.memory:,}",
            )
            for worker in master.workers
        ),
        applications=tuple(
            ApplicationRow(app.name, app.state, app.cores) for app in master.applications
        ),
        queries=tuple(
            QueryRow(name, query.state.value, query.since, query.cause)
            for name, query in sorted((status.tables if status else {}).items())
        ),
        lag=partition_lags(clients, tables, status),
        batches=tuple(map(batch_row, batches.last(clients, table, SHOWN))) if table else (),
    )


def partition_lags(
    clients: Clients, tables: Mapping[str, Table], status: DriverStatus | None
) -> tuple[PartitionLag, ...]:
    topics = clients.kafka.topics()
    names = {events(table).name for table in tables.values()} & topics.keys()
    spans = clients.kafka.spans({name: topics[name] for name in names}) if names else {}
    rows = []
    for name, table in tables.items():
        of_topic = spans.get(events(table).name, {})
        done = lag.position(clients, table, of_topic, status).done
        ends = {part: end for part, (_, end) in of_topic.items()}
        rows += [
            PartitionLag(name, part, ends[part], done.get(part, 0), waiting)
            for part, waiting in batches.waiting(ends, dict(done)).items()
        ]
    return tuple(rows)


def last_error(status: DriverStatus | None) -> str | None:
    """The driver's cause, or the causes of the tables' queries with their names."""
    if status is None:
        return None
    causes = [f"{name}: {query.cause}" for name, query in status.tables.items() if query.cause]
    return status.cause or "; ".join(causes) or None


def batch_row(batch: BatchRecord) -> BatchRow:
    seconds = (batch.written_at - batch.started_at).total_seconds()
    read = sum(end - batch.start_offsets.get(part, 0) for part, end in batch.end_offsets.items())
    return BatchRow(
        batch=batch.batch_id,
        written_at=batch.written_at.isoformat(timespec="milliseconds"),
        seconds=round(seconds, 3),
        read=read,
        rows=batch.upserts + batch.deletes,
        dead_letters=batch.dead_letters,
        rows_per_s=round(read / seconds) if seconds > 0 else None,
        release=batch.release,
    )
