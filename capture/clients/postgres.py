"""PostgreSQL as the manager sees it: its history, its position and the replication slot."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from capture.settings import ROLE, Settings
from contract.errors import first_line
from contract.kafka.capture import SLOT
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.roles import DATABASE, SEARCH_PATH
from contract.stores.postgres.signals import FORGET, INSERT, Sender, snapshot
from contract.table.table import Table

DROP_S = 30.0
# The connection of a stopped task is ended after this time.
TERMINATE_S = 5.0

SOURCE_STATE = f"""
SELECT (SELECT system_identifier FROM pg_control_system())::text,
       left(pg_walfile_name(pg_current_wal_lsn()), 8),
       (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint,
       coalesce((SELECT epoch FROM riada.capture), 0),
       coalesce((SELECT mark FROM riada.capture), 0),
       EXISTS (SELECT FROM pg_publication WHERE pubname = '{PUBLICATION}'),
       (SELECT coalesce(array_agg(schemaname || '.' || tablename), '{{}}')
        FROM pg_publication_tables WHERE pubname = '{PUBLICATION}'),
       (SELECT coalesce(array_agg(name), '{{}}') FROM riada.tables WHERE arrived_at IS NOT NULL),
       (SELECT coalesce(jsonb_object_agg(name, scan_failure), '{{}}') FROM riada.tables
        WHERE scan_failure IS NOT NULL),
       (SELECT coalesce(array_agg(name), '{{}}') FROM riada.tables
        WHERE captured_epoch IS DISTINCT FROM (SELECT epoch FROM riada.capture))
"""
# A slot that is being made has no confirmed LSN: it waits for transactions, and sends none of them.
SLOT_STATE = """
SELECT active, wal_status, confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = %s
"""
BEGIN = """
INSERT INTO riada.capture (id, epoch, mark, began_at, reason) VALUES (1, %s, 1, now(), %s)
ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, mark = capture.mark + 1,
    began_at = excluded.began_at, reason = excluded.reason
RETURNING mark
"""
# `requested`: the epoch's snapshot, or a signal, asks for the existing rows of these tables.
REQUESTED = """
UPDATE riada.tables SET added_epoch = coalesce(added_epoch, %(epoch)s), captured_epoch = %(epoch)s,
    requested_at = now(), arrived_at = NULL, scan_failure = NULL
WHERE name = ANY(%(names)s)
"""
MARK = "UPDATE riada.capture SET mark = mark + 1 WHERE id = 1 AND epoch = %s RETURNING mark"


@dataclass(frozen=True)
class Identity:
    """One history of PostgreSQL: a restore or a promotion begins another."""

    system_identifier: str
    timeline: str


@dataclass(frozen=True)
class Slot:
    active: bool
    wal_status: str
    confirmed_lsn: str | None


@dataclass(frozen=True)
class Source:
    """`lsn` in bytes; `epoch` and `mark` as table riada.capture has them, 0 before the first.
    `published`: whether the publication exists, and `relations`: those that it holds, as
    public.orders. `read`: names of the tables whose existing rows Debezium has read;
    `failed`: name of a table whose rows it could not read → its name for the cause;
    `unrequested`: tables whose rows were not requested since the epoch began, or since PostgreSQL
    published them again."""

    identity: Identity
    lsn: int
    epoch: int
    mark: int
    published: bool
    slot: Slot | None
    relations: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    failed: Mapping[str, str] = field(default_factory=dict)
    unrequested: frozenset[str] = frozenset()


class UnavailableError(Exception):
    """PostgreSQL, Kafka or Kafka Connect does not answer; the message names it and the cause."""


class Postgres(Protocol):
    """Raises UnavailableError when PostgreSQL does not answer."""

    def read_source(self) -> Source: ...

    def begin(self, epoch: int, reason: str, tables: Collection[str]) -> int:
        """Records the epoch, whose snapshot reads these tables; returns its first mark."""

    def request_rows(self, epoch: int, tables: Mapping[str, Table]) -> None:
        """Asks Debezium for the existing rows of these tables."""

    def mark(self, epoch: int) -> int:
        """Increments the mark and returns it. Raises UnavailableError if PostgreSQL has another
        epoch."""

    def drop_slot(self) -> None:
        """Drops the slot if it exists."""


class PostgresClient:
    """Opens a new connection for each query, in the connector's role."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def read_source(self) -> Source:
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(SOURCE_STATE)
            system, timeline, lsn, epoch, mark, published, *lists = _row(cursor)
            relations, read, failed, unrequested = lists
            cursor.execute(SLOT_STATE, [SLOT])
            slot = cursor.fetchone()
        identity = Identity(system, timeline)
        state = Slot(*slot) if slot else None
        sets = frozenset(relations), frozenset(read)
        place = identity, lsn, epoch, mark, published, state
        return Source(*place, *sets, failed, frozenset(unrequested))

    def begin(self, epoch: int, reason: str, tables: Collection[str]) -> int:
        with self._connection() as connection, connection, connection.cursor() as cursor:
            cursor.execute(REQUESTED, {"epoch": epoch, "names": list(tables)})
            cursor.execute(BEGIN, [epoch, reason])
            return int(_row(cursor)[0])

    def request_rows(self, epoch: int, tables: Mapping[str, Table]) -> None:
        with self._connection() as connection, connection, connection.cursor() as cursor:
            cursor.execute(REQUESTED, {"epoch": epoch, "names": list(tables)})
            cursor.execute(FORGET, [Sender.MANAGER.value])
            cursor.execute(INSERT, snapshot(Sender.MANAGER, tables.values()))

    def mark(self, epoch: int) -> int:
        with self._connection() as connection, connection, connection.cursor() as cursor:
            cursor.execute(MARK, [epoch])
            row = cursor.fetchone()
        if row is None:
            raise UnavailableError(f"PostgreSQL: riada.capture does not hold epoch {epoch}")
        return int(row[0])

    def drop_slot(self) -> None:
        began = time.monotonic()
        with self._connection() as connection, connection.cursor() as cursor:
            connection.autocommit = True
            while True:
                cursor.execute(
                    "SELECT active_pid FROM pg_replication_slots WHERE slot_name = %s", [SLOT]
                )
                row = cursor.fetchone()
                if row is None:
                    return
                waited = time.monotonic() - began
                try:
                    if row[0] is not None and waited > TERMINATE_S:
                        cursor.execute("SELECT pg_terminate_backend(%s)", [row[0]])
                    cursor.execute("SELECT pg_drop_replication_slot(%s)", [SLOT])
                except psycopg2.errors.ObjectInUse as error:
                    if waited > DROP_S:
                        raise UnavailableError(f"PostgreSQL: slot {SLOT}: {error}") from error
                    time.sleep(0.5)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        settings = self._settings
        try:
            connection = psycopg2.connect(
                host=settings.postgres_host,
                port=settings.postgres_port,
                dbname=DATABASE,
                user=ROLE.value,
                password=settings.secret(ROLE.secret),
                connect_timeout=5,
                tcp_user_timeout=10_000,
                application_name="connector-manager",
                options=f"-c statement_timeout=10000 {SEARCH_PATH}",
            )
            try:
                yield connection
            finally:
                connection.close()
        except psycopg2.Error as error:
            cause = first_line(error) or type(error).__name__
            raise UnavailableError(f"PostgreSQL: {cause}") from error


def _row(cursor: Cursor) -> tuple[Any, ...]:
    """The row of a statement that always returns exactly one row."""
    row = cursor.fetchone()
    assert row is not None
    return row
