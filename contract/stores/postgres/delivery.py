"""SQL that makes a table of PostgreSQL fit for delivery, or ends its delivery. Only a superuser may
run it, after docker/postgres/sql.

Invariant 1: PostgreSQL refuses rows and statements that capture cannot follow, and logs large
values that an update leaves unchanged.
"""

from __future__ import annotations

import json
from hashlib import sha256

from contract.stores.postgres.checks import checks, strict
from contract.stores.postgres.roles import Role
from contract.stores.postgres.table import add_column, create, definition, qualified
from contract.stores.quoting import quoted
from contract.table.table import Table

REFUSE_TRUNCATE, LOG_LARGE_VALUES = "refuse_truncate", "log_large_values"


def deliver(table: Table) -> str:
    """A transaction that makes the table, or completes it, and publishes it; then the validation of
    older rows, which may take long. Idempotent. Fails with the reason why the table cannot be
    delivered, and the statement that corrects it as the hint."""
    script = _steps(table)
    return script.replace(_HASH, digest(table))


def digest(table: Table) -> str:
    """Names the script in riada.tables.hash."""
    return sha256(_steps(table).encode()).hexdigest()[:16]


def withdraw(name: str) -> str:
    return f"SET lock_timeout = '5s';\nSELECT riada.withdraw({literal(name)});\n"


def failed(name: str, cause: str) -> str:
    """Records why a table is not delivered as its file says."""
    return (
        f"INSERT INTO riada.tables (name, hash, cause) VALUES ({literal(name)}, '', "
        f"{literal(cause)})\nON CONFLICT (name) DO UPDATE SET hash = excluded.hash, "
        "cause = excluded.cause, applied_at = now();\n"
    )


def literal(text: str) -> str:
    """Text in SQL, whatever it contains but NUL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"E'{escaped}'"


def large_values(table: Table) -> str:
    """A trigger that logs unchanged large values too: PostgreSQL keeps them apart (TOAST), and does
    not log them when an update leaves them unchanged. The trigger copies them, so they are logged.

    STORAGE MAIN is not enough: PostgreSQL still keeps values apart that do not fit a page of 8 KiB.
    REPLICA IDENTITY FULL would log each row twice and put deleted rows on the topic.
    """
    copies = _copies(table)
    function = f"riada.{quoted(f'copy_{table.name}')}"
    if not copies:
        return f"DROP TRIGGER IF EXISTS {LOG_LARGE_VALUES} ON {qualified(table)};"
    body = "\n    ".join(f"{name} := {copy};" for name, copy in copies.items())
    return f"""\
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, {quoted(table.schema)}, public AS $riada$
BEGIN
    {body}
    RETURN NEW;
END $riada$;
CREATE OR REPLACE TRIGGER {LOG_LARGE_VALUES} BEFORE UPDATE ON {qualified(table)}
FOR EACH ROW EXECUTE FUNCTION {function}();
ALTER TABLE {qualified(table)} ENABLE ALWAYS TRIGGER {LOG_LARGE_VALUES};"""


_HASH = "HASH-OF-THIS-SCRIPT"


def _copies(table: Table) -> dict[str, str]:
    """NEW.column → the expression that copies it."""
    fields = {f"NEW.{quoted(column.name)}": column for column in table.columns}
    copies = {name: column.kind.copy(name) for name, column in fields.items()}
    return {name: copy for name, copy in copies.items() if copy is not None}


def _steps(table: Table) -> str:
    name, regclass = qualified(table), f"{literal(qualified(table))}::regclass"
    added = "\n".join(
        f"    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = {regclass}"
        f" AND attname = {literal(column.name)} AND NOT attisdropped) THEN\n"
        f"        {add_column(table, column)}\n    END IF;"
        for column in table.values
        if column.nullable and not column.generated
    )
    wanted = ", ".join(
        definition(column) + ("" if column.nullable else " NOT NULL") for column in table.columns
    )
    triggers = [REFUSE_TRUNCATE, *([LOG_LARGE_VALUES] if _copies(table) else [])]
    facts = {
        "schema": table.schema,
        "relation": table.relation,
        "key": [column.name for column in table.key],
        "triggers": triggers,
    }
    described = (
        f"{literal(json.dumps(facts))}::jsonb"
        " || jsonb_build_object('columns', riada.columns('pg_temp.riada_wanted'::regclass))"
    )
    conditions = ", ".join(
        f"{literal(json.dumps(facts))}::jsonb" for facts in (checks(table), strict(table))
    )
    return f"""\
SET client_min_messages = warning;
SET lock_timeout = '5s';
SET riada.ddl = 'on';
BEGIN;
CREATE SCHEMA IF NOT EXISTS {quoted(table.schema)};
{create(table)}
DO $riada$ BEGIN
{added}
    NULL;
END $riada$;
CREATE TEMPORARY TABLE riada_wanted ({wanted}) ON COMMIT DROP;
CREATE TEMPORARY TABLE riada_definition ON COMMIT DROP AS SELECT {described} AS it;
SELECT riada.require(it) FROM pg_temp.riada_definition;
SELECT riada.check_domain({regclass}, {conditions});
CREATE OR REPLACE TRIGGER {REFUSE_TRUNCATE} BEFORE TRUNCATE ON {name}
FOR EACH STATEMENT EXECUTE FUNCTION riada.refuse_truncate();
ALTER TABLE {name} ENABLE ALWAYS TRIGGER {REFUSE_TRUNCATE};
{large_values(table)}
{_grants(table)}
SELECT riada.publish({literal(table.name)}, '{_HASH}', it) FROM pg_temp.riada_definition;
COMMIT;
SET lock_timeout = '30s';
SELECT riada.validate({regclass});
"""


def _grants(table: Table) -> str:
    """Whoever owns the table: its sequences too, as serial columns take their numbers from them."""
    writers = f"{Role.INGEST.value}, {Role.APPLICATION.value}"
    readers = f"{Role.DEBEZIUM.value}, {Role.OBSERVER.value}"
    name = qualified(table)
    return f"""\
GRANT USAGE ON SCHEMA {quoted(table.schema)} TO {writers}, {readers};
GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {writers};
GRANT SELECT ON {name} TO {readers};
DO $riada$
DECLARE
    it regclass;
BEGIN
    FOR it IN SELECT objid FROM pg_depend JOIN pg_class ON pg_class.oid = objid
        WHERE refobjid = {literal(name)}::regclass AND relkind = 'S' AND deptype IN ('a', 'i') LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO {writers}', it);
    END LOOP;
END $riada$;"""
