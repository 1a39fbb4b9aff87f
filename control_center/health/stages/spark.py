"""The streaming query: its batches, their durations, and the waiting messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from contract.json_record import JsonRecord
from contract.stores.cassandra.batches import BatchRecord
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.health.probes import driver
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
class PartitionLag(JsonRecord):
    """`end`: offset after the last message; `done`: end of the newest batch; `waiting`: messages
    between them."""

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
    """`reported`: the driver's status; `last_error`: the cause in it, if there is one.
    `batches`: the last SHOWN, newest first."""

    reported: Mapping[str, object]
    last_error: str | None
    workers: tuple[WorkerRow, ...]
    applications: tuple[ApplicationRow, ...]
    lag: tuple[PartitionLag, ...]
    batches: tuple[BatchRow, ...]


def describe(clients: Clients) -> SparkStage:
    """Raises UnreachableError."""
    master = clients.spark_master.state()
    done = batches.last(clients, SHOWN)
    ends = clients.kafka.offsets(TOPIC)
    position = clients.kafka.earliest(TOPIC) | (done[0].end_offsets if done else {})
    status = driver.status(clients)
    return SparkStage(
        reported=asdict(status) if status else {},
        last_error=status.cause if status else None,
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
        lag=tuple(
            PartitionLag(part, ends[part], position.get(part, 0), waiting)
            for part, waiting in batches.waiting(ends, position).items()
        ),
        batches=tuple(batch_row(batch) for batch in done),
    )


def batch_row(batch: BatchRecord) -> BatchRow:
    seconds = (batch.written_at - batch.started_at).total_seconds()
    read = sum(end - batch.start_offsets.get(part, 0) for part, end in batch.end_offsets.items())
    return BatchRow(
        batch=batch.batch_id,
        written_at=batch.written_at.isoformat(timespec="milliseconds"),
        seconds=round(seconds, 2),
        read=read,
        rows=batch.upserts + batch.deletes,
        dead_letters=batch.dead_letters,
        rows_per_s=round(read / seconds) if seconds > 0 else None,
        release=batch.release,
    )
