"""A table as PostgreSQL's catalog describes it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from psycopg2.extensions import connection as Connection

from contract.table.database import Database
from control_center.clients import external
from control_center.clients.clients import Clients

ORDINARY = "r"
KINDS = {
    "v": "a view",
    "m": "a materialized view",
    "f": "a foreign table",
    "p": "a partitioned table",
    "i": "a table with a parent or a child",
}

_RELATION = """\
SELECT c.oid, CASE WHEN c.relispartition OR EXISTS (
        SELECT FROM pg_inherits WHERE c.oid IN (inhrelid, inhparent)) AND c.relkind = 'r'
        THEN 'i' ELSE c.relkind::text END, c.relpersistence = 'p', c.relreplident = 'd',
    greatest(c.reltuples, s.n_live_tup, 0)::bigint
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_all_tables AS s ON s.relid = c.oid
WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
# An enum's name as the files of tables/ write it: enum(public.mood), enum("My"."Mood")[].
_COLUMNS = """\
SELECT a.attname, CASE WHEN e.oid IS NULL THEN format_type(a.atttypid, a.atttypmod)
        ELSE format('enum(%%I.%%I)', n.nspname, e.typname)
        || CASE WHEN e.oid = t.oid THEN '' ELSE '[]' END END,
    NOT a.attnotnull, a.attgenerated <> '', a.attidentity = 'a'
FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_type AS e ON e.typtype = 'e' AND e.oid IN (t.oid, t.typelem)
LEFT JOIN pg_namespace AS n ON n.oid = e.typnamespace
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_INDEXED = """\
SELECT a.attname, i.indisprimary FROM pg_index AS i
CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indrelid = %s AND i.indisvalid AND k.place <= i.indnkeyatts
AND (i.indisprimary OR k.place = 1) ORDER BY i.indexrelid, k.place
"""
_NAMES = """\
SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND lower(c.relname) = lower(%s)
AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'riada') ORDER BY 1, 2
"""


@dataclass(frozen=True)
class CatalogColumn:
    """`type` as format_type writes it, such as character varying(20), or enum(public.mood).
    `generated`: computed from other columns. `identity`: PostgreSQL numbers the rows, and refuses
    other values."""

    name: str
    type: str
    nullable: bool = False
    generated: bool = False
    identity: bool = False


@dataclass(frozen=True)
class Relation:
    """`kind` is pg_class.relkind, or i for a table with a parent or a child. `key`: the columns of
    the primary key, in its order. `indexed`: other columns that an index begins with. `rows` is an
    estimate. `logged`: neither unlogged nor temporary. `key_identity`: capture identifies changed
    rows by the primary key."""

    schema: str
    name: str
    columns: tuple[CatalogColumn, ...]
    key: tuple[str, ...]
    indexed: tuple[str, ...] = ()
    rows: int = 0
    kind: str = ORDINARY
    logged: bool = True
    key_identity: bool = True

    def column(self, name: str) -> CatalogColumn | None:
        return next((column for column in self.columns if column.name == name), None)


class Catalog(Protocol):
    """PostgreSQL's catalog, or a stand-in of the unit tests."""

    def relation(self, schema: str, name: str) -> Relation | None:
        """None if there is no such table or view."""

    def similar(self, name: str) -> list[tuple[str, str]]:
        """(schema, name) of the tables with this name in any schema and letter case."""


class PostgresCatalog:
    """The catalog of Riada's own database or of another one. Reads with a connection per call;
    raises UnreachableError."""

    def __init__(self, clients: Clients, database: Database | None = None) -> None:
        self._clients, self._database = clients, database

    def relation(self, schema: str, name: str) -> Relation | None:
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute(_RELATION, (schema, name))
            row = cursor.fetchone()
            if row is None:
                return None
            oid, kind, logged, key_identity, rows = row
            cursor.execute(_COLUMNS, (oid,))
            columns = tuple(_column(values) for values in cursor.fetchall())
            cursor.execute(_INDEXED, (oid,))
            indexes = cursor.fetchall()
        key = tuple(column for column, primary in indexes if primary)
        others = dict.fromkeys(column for column, primary in indexes if not primary)
        indexed = tuple(column for column in others if column not in key)
        return Relation(schema, name, columns, key, indexed, rows, kind, logged, key_identity)

    def similar(self, name: str) -> list[tuple[str, str]]:
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute(_NAMES, (name,))
            return [(schema, relation) for schema, relation in cursor.fetchall()]

    def _connect(self) -> AbstractContextManager[Connection]:
        if self._database is None:
            return self._clients.postgres()
        return external.connect(self._clients.settings, self._database)


def _column(values: tuple[Any, ...]) -> CatalogColumn:
    name, kind, nullable, generated, identity = values
    return CatalogColumn(name, kind, nullable, generated, identity)
