"""Many rows at once: from the first commit until the last row is readable in Cassandra."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread

from contract.errors import ComponentError
from contract.jobs.bench import StageRates
from contract.stores.cassandra.batches import BatchRecord
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.roles import Role
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.bench.arrival import all_keys, wait_for
from control_center.jobs.bench.rows import TRANSACTION, Rows, statement, writer
from control_center.jobs.bench.topic_growth import TopicGrowth
from control_center.pipeline import batches

STALL_S = 90
PROGRESS_INTERVAL_S = 5
# temporary: PostgreSQL drops the slot when its connection ends, also after an error
CREATE_SLOT = "SELECT pg_create_logical_replication_slot('riada_bench', 'pgoutput', true)"
DECODE = f"""
SELECT count(*) FROM pg_logical_slot_peek_binary_changes(
    'riada_bench', NULL, NULL, 'proto_version', '1', 'publication_names', '{PUBLICATION}')
"""


@dataclass(frozen=True)
class Transaction:
    """Keys, and the statement that inserts them. It is built before the measurement, because
    building it puts no load on the platform."""

    keys: list[str]
    statement: bytes


@dataclass(frozen=True)
class SustainedRate:
    """Rows per second from the first commit to the last readable row, in `seconds`, and of each
    stage alone on the same rows."""

    rows_per_s: int
    seconds: float
    stages: StageRates


def measure(clients: Clients, rows: Rows, count: int) -> SustainedRate:
    """Raises ComponentError."""
    table, transactions = rows.table, _transactions(clients, rows, count)
    keys = {key for transaction in transactions for key in transaction.keys}
    count = len(keys)
    growth, stop = TopicGrowth(clients, table, count), Event()
    watcher = Thread(target=growth.watch, args=[stop], daemon=True)
    with clients.postgres(role=Role.DEBEZIUM, statement_timeout_s=0) as decoder:
        decoder.autocommit = True
        with decoder.cursor() as cursor:
            cursor.execute(CREATE_SLOT)
            watcher.start()
            began_at = datetime.now(UTC)
            first_commit, last_commit = _insert(clients, table, transactions)
            job_protocol.progress(f"sustained: {count:,} rows committed, waiting for the last one")
            last_readable = _await(clients, table, transactions[-1])
            stop.set()
            decode_began = time.monotonic()
            cursor.execute(DECODE)
            decode_s = time.monotonic() - decode_began
    if missing := keys - all_keys(clients, table):
        cause = f"does not hold {len(missing):,} of {count:,} rows"
        raise ComponentError("cassandra", cause, "Run make compare.")
    on_topic_at = growth.reached_at
    seconds = last_readable - first_commit
    return SustainedRate(
        rows_per_s=round(count / seconds),
        seconds=round(seconds, 1),
        stages=StageRates(
            postgres_insert=rate(count, last_commit - first_commit),
            slot_decode=rate(count, decode_s),
            debezium_to_kafka=rate(count, on_topic_at - first_commit) if on_topic_at else None,
            kafka_to_cassandra=batch_rate(batches.since(clients, table, began_at)),
        ),
    )


def warm_up(clients: Clients, rows: Rows, count: int) -> None:
    """Sends rows without measuring, because a JVM compiles its hot code during its first minute."""
    transactions = _transactions(clients, rows, count)
    _insert(clients, rows.table, transactions)
    _await(clients, rows.table, transactions[-1])


def rate(rows: int, seconds: float) -> int | None:
    """Rows per second; None if the rate rounds to 0."""
    return round(rows / seconds) or None


def batch_rate(written: Sequence[BatchRecord]) -> int | None:
    """Upserts per second while the streaming job was writing them; None without a batch that
    wrote."""
    busy = [batch for batch in written if batch.upserts]
    seconds = sum((batch.written_at - batch.started_at).total_seconds() for batch in busy)
    return rate(sum(batch.upserts for batch in busy), seconds) if seconds else None


def _transactions(clients: Clients, rows: Rows, count: int) -> list[Transaction]:
    transactions = []
    with clients.postgres(role=writer(rows.table)) as connection, connection.cursor() as cursor:
        for _ in range(max(1, count // TRANSACTION)):
            part = rows.take(TRANSACTION)
            keys = [rows.key(row) for row in part]
            transactions.append(Transaction(keys, statement(rows.table, cursor, part)))
    return transactions


def _await(clients: Clients, table: Table, last: Transaction) -> float:
    """The moment at which all rows of the last transaction were readable."""
    moment = wait_for(clients, table, last.keys, STALL_S)
    if moment is None:
        cause = f"the last rows are not readable, and nothing was written for {STALL_S} s"
        raise ComponentError("cassandra", cause, "Run make status.")
    return moment


def _insert(clients: Clients, table: Table, transactions: list[Transaction]) -> tuple[float, float]:
    """The moments before the first statement and after the last commit."""
    with clients.postgres(role=writer(table), statement_timeout_s=60) as connection:
        first = progress_at = time.monotonic()
        for number, transaction in enumerate(transactions, 1):
            with connection, connection.cursor() as cursor:
                cursor.execute(transaction.statement)
            if time.monotonic() - progress_at > PROGRESS_INTERVAL_S:
                progress_at = time.monotonic()
                job_protocol.progress(f"sustained: {number * TRANSACTION:,} rows committed")
        return first, time.monotonic()
