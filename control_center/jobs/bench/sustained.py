"""Many rows at once: from the first commit until the last row is readable in Cassandra."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from threading import Event, Thread
from typing import Any

from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.jobs import protocol
from control_center.jobs.bench.arrival import all_ids, wait_for
from control_center.jobs.bench.people import TRANSACTION, Row, statement
from control_center.pipeline import batches

PATIENCE_S = 90
DECODE = """
SELECT count(*) FROM pg_logical_slot_peek_binary_changes(
    'riada_bench', NULL, NULL, 'proto_version', '1', 'publication_names', 'riada')
"""


@dataclass(frozen=True)
class Transaction:
    """Ids, and the statement that inserts them: made beforehand, as it costs the platform none."""

    keys: list[str]
    statement: bytes


@dataclass
class Watch:
    """Watches the topic grow until it has `rows` more messages; `done_at`: when that was."""

    clients: Clients
    rows: int
    start: dict[int, int]
    done_at: float = 0.0

    def __call__(self, stop: Event) -> None:
        while not stop.wait(0.25):
            ends = self.clients.kafka.offsets(TOPIC)
            if sum(ends.values()) - sum(self.start.values()) >= self.rows:
                self.done_at = time.monotonic()
                return


def measure(clients: Clients, people: Iterator[Row], rows: int) -> dict[str, Any]:
    """{rows_per_s, seconds, stages}: rows/s of the whole and, on the same rows, of each stage."""
    transactions = _transactions(clients, people, rows)
    keys = {key for transaction in transactions for key in transaction.keys}
    rows = len(keys)
    watch, stop = Watch(clients, rows, clients.kafka.offsets(TOPIC)), Event()
    watcher = Thread(target=watch, args=[stop], daemon=True)
    with clients.postgres("debezium", statement_timeout_s=0) as decoder:
        decoder.autocommit = True
        with decoder.cursor() as cursor:
            # temporary: gone with this connection, whatever happens
            cursor.execute(
                "SELECT pg_create_logical_replication_slot('riada_bench', 'pgoutput', true)"
            )
            watcher.start()
            began_at = datetime.now(UTC)
            first_commit, last_commit = _insert(clients, transactions)
            protocol.progress(f"sustained: {rows:,} rows committed, waiting for the last")
            last = _await(clients, transactions[-1])
            stop.set()
            began = time.monotonic()
            cursor.execute(DECODE)
            decoded_s = time.monotonic() - began
    if missing := keys - all_ids(clients):
        raise RuntimeError(f"{len(missing):,} of {rows:,} rows are not in Cassandra")
    busy = [batch for batch in batches.since(clients, began_at) if batch.upserts]
    busy_s = sum((batch.written_at - batch.started_at).total_seconds() for batch in busy)
    seconds = last - first_commit
    stages = {
        "postgres_insert": rows / (last_commit - first_commit),
        "slot_decode": rows / decoded_s,
        "debezium_to_kafka": rows / (watch.done_at - first_commit) if watch.done_at else None,
        "kafka_to_cassandra": sum(batch.upserts for batch in busy) / busy_s if busy_s else None,
    }
    return {
        "rows_per_s": round(rows / seconds),
        "seconds": round(seconds, 1),
        "stages": {name: round(value) if value else None for name, value in stages.items()},
    }


def warm_up(clients: Clients, people: Iterator[Row], rows: int) -> None:
    """The same without measuring: JVMs compile what they run often, for a minute or so."""
    transactions = _transactions(clients, people, rows)
    _insert(clients, transactions)
    _await(clients, transactions[-1])


def _transactions(clients: Clients, people: Iterator[Row], rows: int) -> list[Transaction]:
    made = []
    with clients.postgres("ingest") as connection, connection.cursor() as cursor:
        for _ in range(max(1, rows // TRANSACTION)):
            some = list(islice(people, TRANSACTION))
            made.append(Transaction([str(row[0]) for row in some], statement(cursor, some)))
    return made


def _await(clients: Clients, last: Transaction) -> float:
    """The moment at which all rows of the last transaction were readable."""
    moment = wait_for(clients, last.keys, PATIENCE_S)
    if moment is None:
        raise TimeoutError(f"the last rows are not readable, {PATIENCE_S} s without progress")
    return moment


def _insert(clients: Clients, transactions: list[Transaction]) -> tuple[float, float]:
    """The moments of the first and of the last commit; the clock starts with the first's begin."""
    with clients.postgres("ingest", statement_timeout_s=60) as connection:
        first = said = time.monotonic()
        for number, transaction in enumerate(transactions, 1):
            with connection, connection.cursor() as cursor:
                cursor.execute(transaction.statement)
            if time.monotonic() - said > 5:
                said = time.monotonic()
                protocol.progress(f"sustained: {number * TRANSACTION:,} rows committed")
        return first, time.monotonic()
