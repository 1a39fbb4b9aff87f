"""A captured PostgreSQL: statements in the role of capture, the same for every server."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from capture.clients.server import Server
from capture.clients.source import Identity, Member, Scan, Slot, Source, UnavailableError
from capture.settings import Settings
from contract.errors import first_line
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.roles import SEARCH_PATH
from contract.stores.postgres.signals import FORGET, INSERT, Sender, snapshot
from contract.table.table import Table

DROP_S = 30.0
# The connection of a stopped task is ended after this time.
TERMINATE_S = 5.0
# A DBA has not run all statements that the Control Center prints for another server.
UNPREPARED = (psycopg2.errors.UndefinedTable, psycopg2.errors.InsufficientPrivilege)

# One table that Debezium may not read ends the transaction that reads the others. The catalog of
# PostgreSQL 13 has these columns.
MEMBERS = f"""
SELECT nspname || '.' || relname, pg_publication_rel.oid::bigint, CASE
    WHEN NOT has_schema_privilege(relnamespace, 'USAGE')
    THEN format('GRANT USAGE ON SCHEMA %I TO %I', nspname, current_user)
    WHEN NOT has_table_privilege(prrelid, 'SELECT')
    THEN format('GRANT SELECT ON %I.%I TO %I', nspname, relname, current_user)
    WHEN row_security_active(prrelid)
    THEN format('row-level security hides rows from it: ALTER ROLE %I BYPASSRLS', current_user)
    ELSE '' END
FROM pg_publication_rel JOIN pg_publication ON pg_publication.oid = prpubid
JOIN pg_class ON pg_class.oid = prrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE pubname = '{PUBLICATION}'
"""
SCANS = """
SELECT name, published::bigint, captured_epoch, arrived_at IS NOT NULL, coalesce(scan_failure, '')
FROM riada.scans
"""
SOURCE_STATE = f"""
SELECT (SELECT system_identifier FROM pg_control_system())::text,
       left(pg_walfile_name(pg_current_wal_lsn()), 8),
       (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint,
       coalesce((SELECT epoch FROM riada.capture), 0),
       coalesce((SELECT mark FROM riada.capture), 0),
       EXISTS (SELECT FROM pg_publication WHERE pubname = '{PUBLICATION}')
"""
OLDEST = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
# The end of a snapshot (xmax) would not do: running transactions may have larger ids.
OWN = "SELECT pg_current_xact_id()::text::bigint"
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
# The epoch's snapshot, or a signal, asks for the existing rows of these tables.
REQUESTED = """
INSERT INTO riada.scans AS known
    (name, relation, published, added_epoch, captured_epoch, requested_at, expected)
SELECT name, relation, published, %(epoch)s, %(epoch)s, now(), 1
FROM unnest(%(names)s::text[], %(relations)s::text[], %(oids)s::bigint[]::oid[])
    AS wanted (name, relation, published)
ON CONFLICT (name) DO UPDATE SET
    relation = excluded.relation,
    published = excluded.published,
    added_epoch = coalesce(known.added_epoch, excluded.added_epoch),
    captured_epoch = excluded.captured_epoch,
    requested_at = excluded.requested_at,
    expected = CASE WHEN known.captured_epoch = excluded.captured_epoch
        THEN greatest(known.expected, known.ended) + 1 ELSE 1 END,
    ended = CASE WHEN known.captured_epoch = excluded.captured_epoch THEN known.ended ELSE 0 END,
    arrived_at = NULL,
    scan_failure = NULL,
    uncaptured_until = CASE WHEN known.published IS DISTINCT FROM excluded.published
        THEN now() ELSE known.uncaptured_until END
"""
LEFT = "UPDATE riada.scans SET published = NULL WHERE name = ANY(%s) AND published IS NOT NULL"
MARK = "UPDATE riada.capture SET mark = mark + 1 WHERE id = 1 AND epoch = %s RETURNING mark"


# A table and the oid that it has in the publication.
Requested = tuple[Table, int]


class Postgres(Protocol):
    """Raises UnavailableError when PostgreSQL does not answer."""

    def read_source(self) -> Source: ...

    def begin(self, epoch: int, reason: str, tables: Mapping[str, Requested]) -> int:
        """Records the epoch, whose snapshot reads these tables; returns its first mark."""

    def request_rows(self, epoch: int, tables: Mapping[str, Requested]) -> None:
        """Asks Debezium for the existing rows of these tables."""

    def transaction(self) -> tuple[int, int]:
        """The id of a new transaction, above all that run, and the oldest of those or itself."""

    def leave(self, names: Collection[str]) -> None:
        """Records that these tables are no longer captured."""

    def mark(self, epoch: int) -> int:
        """Increments the mark and returns it. Raises UnavailableError if PostgreSQL has another
        epoch."""

    def drop_slot(self, name: str = "") -> None:
        """Drops this slot, or the server's, if it exists."""


class PostgresClient:
    """Opens a new connection for each query."""

    def __init__(self, settings: Settings, server: Server) -> None:
        self._settings = settings
        self._server = server

    def read_source(self) -> Source:
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(SOURCE_STATE)
            system, timeline, lsn, epoch, mark, published = _row(cursor)
            cursor.execute(MEMBERS)
            members = {name: Member(oid, remedy) for name, oid, remedy in cursor}
            cursor.execute(OLDEST)
            [oldest] = _row(cursor)
            cursor.execute(SCANS)
            scans = {name: Scan(*state) for name, *state in cursor}
            cursor.execute(SLOT_STATE, [self._server.slot])
            row = cursor.fetchone()
        slot = Slot(*row) if row else None
        identity = Identity(system, timeline)
        return Source(identity, lsn, epoch, mark, published, slot, members, scans, oldest)

    def begin(self, epoch: int, reason: str, tables: Mapping[str, Requested]) -> int:
        with self._connection() as connection, connection, connection.cursor() as cursor:
            cursor.execute(REQUESTED, _requested(epoch, tables))
            cursor.execute(BEGIN, [epoch, reason])
            return int(_row(cursor)[0])

    def request_rows(self, epoch: int, tables: Mapping[str, Requested]) -> None:
        with self._connection() as connection, connection, connection.cursor() as cursor:
            cursor.execute(REQUESTED, _requested(epoch, tables))
            cursor.execute(FORGET, [Sender.MANAGER.value])
            cursor.execute(
                INSERT, snapshot(Sender.MANAGER, [table for table, _ in tables.values()])
            )

    def transaction(self) -> tuple[int, int]:
        with self._connection() as connection, connection, connection.cursor() as cursor:
            cursor.execute(OWN)
            [own] = _row(cursor)
            cursor.execute(OLDEST)
            [oldest] = _row(cursor)
        return own, oldest

    def leave(self, names: Collection[str]) -> None:
        with self._connection() as connection, connection, connection.cursor() as cursor:
            cursor.execute(LEFT, [list(names)])

    def mark(self, epoch: int) -> int:
        with self._connection() as connection, connection, connection.cursor() as cursor:
            cursor.execute(MARK, [epoch])
            row = cursor.fetchone()
        if row is None:
            label = self._server.label
            raise UnavailableError(f"{label}: riada.capture does not hold epoch {epoch}")
        return int(row[0])

    def drop_slot(self, name: str = "") -> None:
        slot = name or self._server.slot
        began = time.monotonic()
        with self._connection() as connection, connection.cursor() as cursor:
            connection.autocommit = True
            while True:
                cursor.execute(
                    "SELECT active_pid FROM pg_replication_slots WHERE slot_name = %s", [slot]
                )
                row = cursor.fetchone()
                if row is None:
                    return
                waited = time.monotonic() - began
                try:
                    if row[0] is not None and waited > TERMINATE_S:
                        cursor.execute("SELECT pg_terminate_backend(%s)", [row[0]])
                    cursor.execute("SELECT pg_drop_replication_slot(%s)", [slot])
                except psycopg2.errors.ObjectInUse as error:
                    if waited > DROP_S:
                        cause = f"{self._server.label}: slot {slot}: {error}"
                        raise UnavailableError(cause) from error
                    time.sleep(0.5)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        server = self._server
        tls: dict[str, Any] = {**server.tls}
        try:
            connection = psycopg2.connect(
                host=server.host,
                port=server.port,
                dbname=server.database,
                user=server.user,
                password=self._settings.secret(server.secret),
                connect_timeout=5,
                tcp_user_timeout=10_000,
                application_name="connector-manager",
                options=f"-c statement_timeout=10000 {SEARCH_PATH}",
                **tls,
            )
            try:
                yield connection
            finally:
                connection.close()
        except psycopg2.Error as error:
            cause = first_line(error) or type(error).__name__
            if server.name and isinstance(error, UNPREPARED):
                cause += ": make doctor prints the statements that are missing"
            raise UnavailableError(f"{server.label}: {cause}") from error
        except OSError as error:
            raise UnavailableError(f"{server.label}: secret {server.secret}: {error}") from error


def _requested(epoch: int, tables: Mapping[str, Requested]) -> dict[str, Any]:
    return {
        "epoch": epoch,
        "names": list(tables),
        "relations": [f"{table.schema}.{table.relation}" for table, _ in tables.values()],
        "oids": [oid for _, oid in tables.values()],
    }


def _row(cursor: Cursor) -> tuple[Any, ...]:
    """The row of a statement that always returns exactly one row."""
    row = cursor.fetchone()
    assert row is not None
    return row
