"""The selected rows of a table in PostgreSQL and Cassandra, and their removal from PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

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
from control_center.jobs import job_protocol
from control_center.pipeline.erasures.postgres import write
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import Selection
from control_center.pipeline.row_repository import held_in_postgres, key_lists, select

TIMEOUT_S = 60
SHUTDOWN = "57P"  # of the SQLSTATE
OWNER = "Delete the row as the owner of its table, then run make erase again."


class Deleted(NamedTuple):
    """Numbers of rows, and of rejected items. `refused`: key of a row that PostgreSQL keeps → the
    error, of delete_possible()."""

    rows: int
    rejects: int
    refused: tuple[tuple[str, ComponentError], ...] = ()


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
    UnreachableError, and ComponentError if PostgreSQL refuses, or keeps a row; then nothing has
    changed. Errors do not name values."""
    held = _held(clients, table, keys)
    with _transaction(clients, table) as cursor:
        rows = _delete(clients, cursor, table, held)
        return Deleted(rows, _delete_items(cursor, items, records))


def delete_possible(
    clients: Clients,
    table: Table,
    keys: Collection[str],
    items: Sequence[int],
    records: Collection[Erasure],
    mark: Callable[[str], str],
) -> Deleted:
    """As delete(), but a row that PostgreSQL keeps does not stop the others; its record is not
    written. `mark`: key → mark of its record."""
    held = _held(clients, table, keys)
    with _transaction(clients, table) as cursor:
        rows, refused = _delete_each(clients, cursor, table, held)
        kept = {mark(key) for key in refused}
        written = [record for record in records if record.mark not in kept]
        return Deleted(rows, _delete_items(cursor, items, written), tuple(refused.items()))


def _held(clients: Clients, table: Table, keys: Collection[str]) -> set[str]:
    """Those to delete. Row-level security does not hide a row from the observer."""
    return held_in_postgres(clients, table, keys) if keys and not table.database else set()


def _delete_each(
    clients: Clients, cursor: Any, table: Table, keys: Collection[str]
) -> tuple[int, dict[str, ComponentError]]:
    """All rows at once; if that is refused, one by one, until no further row can be deleted: a row
    may refer to another one of them. The number of deleted rows, and key → why PostgreSQL keeps
    it."""
    count, error = _attempt(clients, cursor, table, keys)
    refused = dict.fromkeys(keys, error) if error else {}
    if error:
        job_protocol.progress(f"{table.name}: PostgreSQL keeps a row, so deletes them one by one")
    while refused:
        tried = list(refused)
        for key in tried:
            deleted, error = _attempt(clients, cursor, table, [key])
            count += deleted
            if error:
                refused[key] = error
            else:
                del refused[key]
        if len(refused) == len(tried):
            break
    return count, refused


def _attempt(
    clients: Clients, cursor: Any, table: Table, keys: Collection[str]
) -> tuple[int, ComponentError | None]:
    """Number of deleted rows, and why PostgreSQL keeps one, which leaves all of them. Raises
    UnreachableError."""
    cursor.execute("SAVEPOINT attempt")
    try:
        return _delete(clients, cursor, table, keys), None
    except (psycopg2.Error, ComponentError) as raised:
        error = _refusal(clients, table, raised) if isinstance(raised, psycopg2.Error) else raised
        if isinstance(error, UnreachableError):
            raise error from None
    cursor.execute("ROLLBACK TO SAVEPOINT attempt")
    return 0, error


def _delete(clients: Clients, cursor: Any, table: Table, keys: Collection[str]) -> int:
    """`keys`: of rows that exist. Raises psycopg2.Error, and ComponentError if a row exists after
    its DELETE."""
    if not keys:
        return 0
    lists = key_lists(table, keys)
    cursor.execute(postgres.delete(table), lists)
    rows = int(cursor.rowcount)
    # A foreign key that PostgreSQL checks at the end would refuse the COMMIT of all rows.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(f"{select(table, 'count(*)')} WHERE {postgres.by_keys(table)}", lists)
    [present] = cursor.fetchone()
    if present or rows < len(keys):
        kept = max(present, len(keys) - rows)
        cause = f"keeps {kept} rows of {table.name}: a trigger or row-level security prevents it"
        raise ComponentError(_component(clients), cause, OWNER)
    return rows


def _delete_items(cursor: Any, items: Sequence[int], records: Collection[Erasure]) -> int:
    cursor.execute(rejects.DELETE, [list(items)])
    count = int(cursor.rowcount)
    write(cursor, records)
    return count


@contextmanager
def _transaction(clients: Clients, table: Table) -> Iterator[Any]:
    with clients.postgres("", Role.INGEST, TIMEOUT_S) as connection:
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
        except psycopg2.Error as error:
            raise _refusal(clients, table, error) from None


def forget_requests(clients: Clients, table: Table) -> None:
    """Deletes the requests that repairs and smoke tests have sent to capture: they list keys.
    Capture has read them. Raises UnreachableError."""
    with (
        clients.postgres(table.database, Role.DEBEZIUM, TIMEOUT_S) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(signals.FORGET, [signals.Sender.CONTROL_CENTER.value])


def _refusal(clients: Clients, table: Table, error: psycopg2.Error) -> ComponentError:
    """UnreachableError if PostgreSQL does not say whether it has deleted. The texts of PostgreSQL's
    error may hold the key, so neither they nor the trace are kept."""
    component = _component(clients)
    if isinstance(error, ForeignKeyViolation):
        reference = (
            f"table {error.diag.table_name} refers to the row of {table.name}"
            f" (constraint {error.diag.constraint_name})"
        )
        remedy = "Erase or change the rows that refer to it, then run make erase again."
        return ComponentError(component, reference, remedy)
    if error.pgcode is None:
        return UnreachableError(component, cause(error))
    if error.pgcode.startswith(SHUTDOWN):
        return UnreachableError(component, f"is shutting down ({error.pgcode})")
    refusal = f"refuses the DELETE of a row of {table.name}: {type(error).__name__} {error.pgcode}"
    return ComponentError(component, refusal, f"A trigger may do that. {OWNER}")


def _component(clients: Clients) -> str:
    return component_of(clients.settings.postgres_host)
