"""The selected rows of a table in PostgreSQL and Cassandra, and their removal from PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, NoReturn

import psycopg2
from psycopg2.errors import ForeignKeyViolation

from contract.errors import ComponentError, UnreachableError
from contract.health.component import component_of
from contract.stores.cassandra import table as cassandra
from contract.stores.postgres import rejects, signals
from contract.stores.postgres import table as postgres
from contract.stores.postgres.roles import Role
from contract.table.key import key_text
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.postgres import cause
from control_center.pipeline.erasures.postgres import write
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import Selection
from control_center.pipeline.row_repository import key_lists

TIMEOUT_S = 60


class Deleted(NamedTuple):
    """Numbers of rows, and of rejected items."""

    rows: int
    rejects: int


def stored_keys(clients: Clients, table: Table, selection: Selection) -> set[str]:
    """The keys of the selected rows that PostgreSQL or Cassandra holds; reads every key. Raises
    UnreachableError."""
    keys: set[str] = set()
    with (
        clients.postgres(table.database, statement_timeout_s=0) as connection,
        connection.cursor("erased") as cursor,
    ):
        cursor.itersize = 5000
        cursor.execute(f"SELECT {postgres.read_key(table)} FROM {postgres.qualified(table)}")
        keys |= _selected(table, cursor, selection)
    scanned = clients.cassandra.scan(cassandra.select_keys(table), page=2000)
    return keys | _selected(table, scanned, selection)


def _selected(table: Table, rows: Iterable[Sequence[object]], selection: Selection) -> set[str]:
    return {key for row in rows if selection.has(key := key_text(table, row), None)}


def delete(
    clients: Clients,
    table: Table,
    keys: Collection[str],
    items: Sequence[int],
    records: Collection[Erasure],
) -> Deleted:
    """Deletes rows and rejected items, and writes the records, in one transaction: a PostgreSQL
    that has a record has no row from before the erasure. Rows of another PostgreSQL stay. Raises
    UnreachableError, and ComponentError if PostgreSQL refuses. Errors do not name values."""
    component = component_of(clients.settings.postgres_host)
    rows = 0
    with clients.postgres("", Role.INGEST, TIMEOUT_S) as connection:
        try:
            with connection, connection.cursor() as cursor:
                if keys and not table.database:
                    cursor.execute(postgres.delete(table), key_lists(table, keys))
                    rows = cursor.rowcount
                cursor.execute(rejects.DELETE, [list(items)])
                removed = cursor.rowcount
                write(cursor, records)
        except psycopg2.Error as error:
            _raise(component, table, error)
    return Deleted(rows, removed)


def forget_requests(clients: Clients, table: Table) -> None:
    """Deletes the requests that repairs and smoke tests have sent to capture: they list keys.
    Capture has read them. Raises UnreachableError."""
    with (
        clients.postgres(table.database, Role.DEBEZIUM, TIMEOUT_S) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(signals.FORGET, [signals.Sender.CONTROL_CENTER.value])


def _raise(component: str, table: Table, error: psycopg2.Error) -> NoReturn:
    """The texts of PostgreSQL's error may hold the key, so neither they nor the trace are kept."""
    if isinstance(error, ForeignKeyViolation):
        reference = (
            f"table {error.diag.table_name} refers to the row of {table.name}"
            f" (constraint {error.diag.constraint_name})"
        )
        remedy = "Erase or change the rows that refer to it, then run make erase again."
        raise ComponentError(component, reference, remedy) from None
    if error.pgcode is None:
        raise UnreachableError(component, cause(error)) from None
    refusal = f"refuses the DELETE of a row of {table.name}: {type(error).__name__} {error.pgcode}"
    remedy = "A trigger may do that. Delete the row as the owner of its table, then run it again."
    raise ComponentError(component, refusal, remedy) from None
