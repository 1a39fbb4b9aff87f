"""The statements that a database administrator runs in another PostgreSQL. Each is idempotent, for
psql as a superuser or as the master user of RDS, and none holds a password."""

from __future__ import annotations

from collections.abc import Iterable

from contract.stores.postgres.capture_schema import DDL, PUBLISHED, grants
from contract.stores.postgres.checks import checks, strict
from contract.stores.postgres.delivery import literal
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.server import secret
from contract.stores.postgres.table import qualified
from contract.stores.quoting import quoted
from contract.table.database import Database
from contract.table.table import Table

SET_WAL_LEVEL = "ALTER SYSTEM SET wal_level = 'logical'; -- then restart the server"
SCHEMA = "\n".join(line for line in DDL.strip().splitlines() if line and not line.startswith("-- "))
PUBLISH_CHANGES = f"ALTER PUBLICATION {PUBLICATION} SET (publish = 'insert, update, delete');"


def role(database: Database) -> str:
    """The user, and its password as psql asks for it."""
    user = quoted(database.user)
    return f"""\
DO $riada$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {literal(database.user)}) THEN
        CREATE ROLE {user} LOGIN;
    END IF;
END $riada$;
-- psql asks for the password; it is the value of the secret {secret(database.name)}:
\\password {user}
{replication(database)}
GRANT CONNECT ON DATABASE {quoted(database.database)} TO {user};"""


def replication(database: Database) -> str:
    user = quoted(database.user)
    return f"""\
DO $riada$ BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'rds_superuser') THEN
        GRANT rds_replication TO {user};
    ELSE
        ALTER ROLE {user} LOGIN REPLICATION;
    END IF;
END $riada$;"""


def own_rights(database: Database) -> str:
    return grants(database.user).strip()


def read(database: Database, table: Table) -> str:
    user = quoted(database.user)
    return (
        f"GRANT USAGE ON SCHEMA {quoted(table.schema)} TO {user};\n"
        f"GRANT SELECT ON {qualified(table)} TO {user};"
    )


def see_all_rows(database: Database) -> str:
    return f"ALTER ROLE {quoted(database.user)} BYPASSRLS;"


def create_publication(tables: Iterable[Table]) -> str:
    listed = ", ".join([*PUBLISHED, *map(qualified, tables)])
    return f"""\
DO $riada$ BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_publication WHERE pubname = {literal(PUBLICATION)}) THEN
        CREATE PUBLICATION {PUBLICATION} FOR TABLE {listed}
        WITH (publish = 'insert, update, delete');
    END IF;
END $riada$;"""


def publish(name: str) -> str:
    """`name`: qualified, with quotes where it needs them."""
    return f"""\
DO $riada$ BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_publication_rel AS r
        JOIN pg_catalog.pg_publication AS p ON p.oid = r.prpubid
        WHERE p.pubname = {literal(PUBLICATION)} AND r.prrelid = {literal(name)}::regclass) THEN
        ALTER PUBLICATION {PUBLICATION} ADD TABLE {name};
    END IF;
END $riada$;"""


def identity(table: Table) -> str:
    """FULL: PostgreSQL logs values that it keeps apart (TOAST) also if an update leaves them
    unchanged."""
    return (
        f"ALTER TABLE {qualified(table)} REPLICA IDENTITY {'FULL' if full(table) else 'DEFAULT'};"
    )


def full(table: Table) -> bool:
    """May PostgreSQL keep a value of the table apart from its row?"""
    return any(column.kind.copy("value") is not None for column in table.columns)


def constraint(table: Table, name: str) -> str:
    """A condition that Debezium's task needs of every row."""
    condition, of = checks(table)[name], f"{literal(qualified(table))}::regclass"
    return f"""\
DO $riada$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = {of} AND conname = {literal(name)}) THEN
        ALTER TABLE {qualified(table)} ADD CONSTRAINT {quoted(name)} CHECK ({condition}) NOT VALID;
    END IF;
END $riada$;
ALTER TABLE {qualified(table)} VALIDATE CONSTRAINT {quoted(name)};"""


def complete(database: Database, tables: Iterable[Table]) -> list[str]:
    """Everything, for a server that could not be asked."""
    tables = list(tables)
    return [
        role(database),
        SCHEMA,
        own_rights(database),
        *(read(database, table) for table in tables),
        *(identity(table) for table in tables),
        *(constraint(table, name) for table in tables for name in strict(table)),
        create_publication(tables),
        *(publish(qualified(table)) for table in tables),
    ]
