"""Generated rows for the measurement, with the shape and size of the table's rows. Their keys are
kept in a file, so that they are deleted also after the process was killed."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from contract.stores.postgres import table as postgres
from contract.stores.postgres.roles import Role
from contract.stores.postgres.table import parameter_safe
from contract.table.column import Column
from contract.table.key import key_text
from contract.table.kinds.text import Text
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs.bench.values import value
from control_center.jobs.smoke_test import source
from control_center.pipeline import row_repository
from control_center.pipeline.chunks import chunks
from control_center.pipeline.row_repository import key_lists

TRANSACTION = 1000
PATTERNS = 1000

# The values of the writable columns, as text that PostgreSQL reads.
Row = tuple[str | None, ...]


class Rows:
    """An endless sequence of rows whose keys are new. `keys`: the file of their keys."""

    def __init__(self, table: Table, patterns: Sequence[Row], keys: Path) -> None:
        self.table = table
        self._columns = postgres.writable(table)
        self._patterns = itertools.cycle(patterns)
        self._random = random.Random()
        self._file = keys
        self._unique = unique_columns(table)
        names = [column.name for column in self._columns]
        self._key_places = [names.index(column.name) for column in table.key]

    @classmethod
    def of(cls, clients: Clients, table: Table) -> Rows:
        """Rows with values of the table's source, or else of its existing rows, or else random
        ones. Raises UnreachableError."""
        if table.source:
            rows = source.fetch(clients, table, "bench", PATTERNS).rows
        else:
            rows = row_repository.sample_in_postgres(clients, table, PATTERNS)
        patterns = [_as_text(table, row) for row in rows.values()]
        return cls(table, patterns or [random_row(table)], key_file(clients, table))

    def take(self, count: int) -> list[Row]:
        """New rows. Their keys are in the file when this returns."""
        rows = [self._next() for _ in range(count)]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(self.key(row))}\n" for row in rows)
        return rows

    def key(self, row: Row) -> str:
        """The text of the row's key."""
        return key_text(self.table, [row[place] for place in self._key_places])

    def _next(self) -> Row:
        pattern = list(next(self._patterns))
        for place, column in enumerate(self._columns):
            if column.name in self._unique:
                pattern[place] = self._new(column, pattern[place])
        return tuple(pattern)

    def _new(self, column: Column, old: str | None) -> str | None:
        if isinstance(column.kind, Text) and old is not None:
            length = column.kind.max_length
            return f"{self._random.getrandbits(32):08x}.{old}"[:length]
        return value(column.kind, self._random) or old


def unique_columns(table: Table) -> frozenset[str]:
    """The columns that have another value in each row: the key, and personal columns with an
    index."""
    keys = {column.name for column in table.key}
    return frozenset(keys | (table.personal & {*table.indexes}))


def random_row(table: Table) -> Row:
    """A row of a table without rows. A column whose values only the table knows is null."""
    source_ = random.Random()
    return tuple(value(column.kind, source_) for column in postgres.writable(table))


def statement(table: Table, cursor: Cursor, rows: Sequence[Row]) -> bytes:
    """The statement that inserts these rows."""
    template = f"({', '.join(['%s'] * len(postgres.writable(table)))})"
    values = b",".join(cursor.mogrify(template, row) for row in rows)
    before, after = (
        part.replace("%%", "%").encode() for part in postgres.upsert(table).split(" %s\n", 1)
    )
    return before + b" " + values + b"\n" + after


def insert(table: Table, connection: Connection, rows: Sequence[Row]) -> None:
    """Inserts these rows in one transaction."""
    with connection, connection.cursor() as cursor:
        cursor.execute(statement(table, cursor, rows))


def delete_all(table: Table, connection: Connection, keys: Path) -> set[str]:
    """Deletes all rows whose keys are in the file, TRANSACTION at a time; returns the keys of the
    deleted rows. The file goes when all are deleted."""
    deleted: set[str] = set()
    query = (
        f"DELETE FROM {parameter_safe(postgres.qualified(table))}"
        f" WHERE {postgres.by_keys(table)} RETURNING {parameter_safe(postgres.read_key(table))}"
    )
    for part in chunks(read_keys(keys), TRANSACTION):
        with connection, connection.cursor() as cursor:
            cursor.execute(query, key_lists(table, part))
            deleted.update(key_text(table, row) for row in cursor.fetchall())
    keys.unlink(missing_ok=True)
    return deleted


def writer(table: Table) -> Role:
    """The role that writes the table: the DAG's, or that of the applications."""
    return Role.INGEST if table.source else Role.APPLICATION


def key_file(clients: Clients, table: Table) -> Path:
    return clients.settings.state / "bench" / f"{table.name}.keys"


def read_keys(file: Path) -> list[str]:
    """The keys in the file; a kill may have cut off the last one, whose row was not inserted."""
    try:
        lines = file.read_text("utf-8").split("\n")
    except OSError:
        return []
    return [str(json.loads(line)) for line in lines[:-1]]


def _as_text(table: Table, row: row_repository.Row) -> Row:
    return tuple(
        None if value is None else column.kind.postgres_text(column.kind.canonical(value))
        for column, value in zip(table.columns, row, strict=True)
        if not column.generated
    )
