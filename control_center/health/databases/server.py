"""Reads the facts of a PostgreSQL server, of version 13 or newer, as the database's user."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg2.extensions import cursor as Cursor

from contract.stores.postgres.capture_schema import SCHEMA
from contract.stores.postgres.publication import PUBLICATION
from contract.table.database import Database
from contract.table.table import Table
from control_center.clients import external
from control_center.config import Settings
from control_center.health.databases.facts import Publication, ServerFacts, TableFacts

_SERVER = """
SELECT current_setting('server_version'), current_setting('wal_level'), pg_is_in_recovery(),
    current_setting('max_replication_slots')::int
        - (SELECT count(*) FROM pg_replication_slots)::int,
    current_setting('max_wal_senders')::int - (SELECT count(*) FROM pg_stat_replication)::int,
    EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %s),
    r.rolsuper OR r.rolreplication OR EXISTS (
        SELECT FROM pg_roles WHERE rolname = 'rds_replication' AND pg_has_role(oid, 'MEMBER')),
    EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_superuser')
FROM pg_roles AS r WHERE r.rolname = current_user
"""
_RIGHTS = """
SELECT n.nspname || '.' || c.relname, has_schema_privilege(n.oid, 'USAGE'),
    ARRAY(SELECT right_ FROM unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) AS right_
          WHERE has_table_privilege(c.oid, right_))
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r'
"""
_PUBLICATION = """
SELECT NOT puballtables, pubinsert AND pubupdate AND pubdelete FROM pg_publication
WHERE pubname = %s
"""
# Filters of rows and columns are of PostgreSQL 15 and newer; older catalogs lack these columns.
_PUBLISHED = """
SELECT n.nspname::text, c.relname::text,
    to_jsonb(r) ->> 'prqual' IS NOT NULL OR to_jsonb(r) ->> 'prattrs' IS NOT NULL
FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
JOIN pg_class AS c ON c.oid = r.prrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE p.pubname = %s
"""
_TABLES = """
SELECT n.nspname::text, c.relname::text, c.relreplident::text,
    EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary AND indimmediate),
    has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),
    row_security_active(c.oid),
    ARRAY(SELECT conname::text FROM pg_constraint
          WHERE conrelid = c.oid AND contype = 'c' AND convalidated)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""


class PostgresServer:
    """Implements `Server` with a connection per call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def facts(self, database: Database, tables: Iterable[Table]) -> ServerFacts:
        """Raises UnreachableError."""
        with (
            external.connect(self._settings, database) as connection,
            connection.cursor() as cursor,
        ):
            return read(cursor, database, list(tables))


def read(cursor: Cursor, database: Database, tables: list[Table]) -> ServerFacts:
    """The facts that a connection of the database's user sees."""
    cursor.execute(_SERVER, [database.slot])
    server = cursor.fetchone()
    assert server is not None
    version, wal_level, standby, slots, senders, slot_exists, replicates, rds = server
    cursor.execute(_RIGHTS, [SCHEMA])
    rights = {name: (enters, frozenset(held)) for name, enters, held in cursor.fetchall()}
    cursor.execute(_PUBLICATION, [PUBLICATION])
    publication = cursor.fetchone()
    cursor.execute(_PUBLISHED, [PUBLICATION])
    published = {(schema, name): filtered for schema, name, filtered in cursor.fetchall()}
    names = {(table.schema, table.relation): table.name for table in tables}
    cursor.execute(_TABLES, [[key[0] for key in names], [key[1] for key in names]])
    return ServerFacts(
        version=version.split()[0],
        wal_level=wal_level,
        standby=standby,
        free_slots=slots,
        free_senders=senders,
        slot_exists=slot_exists,
        replicates=replicates,
        rds=rds,
        enters=all(enters for enters, _ in rights.values()),
        rights={name: held for name, (_, held) in rights.items()},
        publication=_publication(publication, published),
        tables={names[row[0], row[1]]: _table(row, published) for row in cursor.fetchall()},
    )


def _publication(
    row: tuple[Any, ...] | None, published: dict[tuple[str, str], bool]
) -> Publication | None:
    if row is None:
        return None
    own = frozenset(f"{schema}.{name}" for schema, name in published if schema == SCHEMA)
    lists, whole = row
    return Publication(lists, whole, own)


def _table(row: tuple[Any, ...], published: dict[tuple[str, str], bool]) -> TableFacts:
    schema, name, identity, has_key, readable, hidden, constraints = row
    return TableFacts(
        identity=identity,
        has_key=has_key,
        readable=readable,
        hidden=hidden,
        published=(schema, name) in published,
        filtered=published.get((schema, name), False),
        constraints=frozenset(constraints),
    )
