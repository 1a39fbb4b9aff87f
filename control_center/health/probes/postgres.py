"""PostgreSQL: does it answer a query, and does it have the tables of the release?"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from contract.health.details.postgres import PostgresDetails, PostgresTable
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.stores.postgres.delivery import digest
from contract.stores.quoting import quoted
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.by_table import NONE_DEPLOYED, Finding, fail, ok, summarize, tables, warn
from control_center.health.encryption import warning
from control_center.health.outcome import Outcome
from control_center.pipeline.erasures.file import ErasuresInFile
from control_center.pipeline.erasures.pending import pending
from control_center.pipeline.erasures.postgres import read

OUTCOME = Outcome("postgres", "postgres")

SERVER = """
SELECT pg_current_wal_lsn()::text, pg_postmaster_start_time()::text,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       current_setting('max_connections')::int, current_setting('wal_level'),
       (SELECT coalesce(sum(size), 0)::bigint FROM pg_ls_waldir()),
       EXISTS (SELECT FROM pg_hba_file_rules WHERE type = 'host' AND auth_method <> 'reject')
"""

# n_live_tup is exact enough and free; count(*) over all rows would not be. pg_attribute shows
# columns that this role may not read; information_schema would not.
TABLES = """
SELECT n.nspname::text, c.relname::text,
       coalesce((SELECT n_live_tup FROM pg_stat_user_tables WHERE relid = c.oid), 0),
       ARRAY(SELECT attname::text FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
       (SELECT string_agg(conname, ', ' ORDER BY conname) FROM pg_constraint
        WHERE conrelid = c.oid AND NOT convalidated)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
PLAIN = re.compile("[a-z_][a-z0-9_]*")
APPLIED = "SELECT name, hash, cause FROM riada.tables"


def probe(clients: Clients) -> ProbeResult:
    every = clients.tables()
    release = {name: table for name, table in every.items() if not table.database}
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(SERVER)
        server = cursor.fetchone()
        schemas = [table.schema for table in release.values()]
        cursor.execute(TABLES, [schemas, [table.relation for table in release.values()]])
        relations = cursor.fetchall()
        cursor.execute(APPLIED)
        applied = {name: (hash_, cause) for name, hash_, cause in cursor}
        erasures = read(cursor)
    assert server is not None
    lsn, started_at, connections, most, wal_level, wal, clear_text = server
    known = ErasuresInFile.of(clients).read()
    again = pending(known, erasures, time.time_ns() // 1_000_000)
    states = compare(release, relations, applied, again)
    until = clients.postgres_certificate_until()
    details = PostgresDetails(
        lsn, started_at, connections, most, wal_level, states, wal, clear_text, until
    )
    result = evaluate(details, bool(every))
    insecure = warning(clear_text, until, time.time())
    if result.state is ProbeState.OK and insecure:
        return OUTCOME.warn(insecure, details)
    return result


def compare(
    release: Mapping[str, Table],
    relations: Iterable[tuple[Any, ...]],
    applied: Mapping[str, tuple[str, str | None]],
    erasures: Mapping[str, int],
) -> dict[str, PostgresTable]:
    """`relations`: rows of TABLES. `applied`: name → the hash of the definition that was applied
    last, and why it was refused, or None. `erasures`: name → number of those to do again."""
    rows = {(schema, relation): rest for schema, relation, *rest in relations}
    states = {}
    for name, table in release.items():
        hash_, cause = applied.get(name, ("", None))
        status: dict[str, Any] = {
            "relation": relation_of(table),
            "applied": hash_ == definition_hash(table),
            "cause": cause,
            "erasures": erasures.get(name, 0),
        }
        row = rows.get((table.schema, table.relation))
        if row is None:
            states[name] = PostgresTable(False, **status)
            continue
        estimate, columns, violated = row
        states[name] = PostgresTable(
            True,
            **status,
            rows_estimate=estimate,
            missing=tuple(column for column in table.names if column not in columns),
            unknown=tuple(
                column for column in columns if column not in {*table.names, *table.not_delivered}
            ),
            violated=violated,
        )
    return states


def relation_of(table: Table) -> str:
    """The table's name in PostgreSQL, with quotes where it needs them: public.orders."""
    parts = (table.schema, table.relation)
    return ".".join(part if PLAIN.fullmatch(part) else quoted(part) for part in parts)


@lru_cache(maxsize=256)
def definition_hash(table: Table) -> str:
    """The hash with which PostgreSQL's container names the definition of this table."""
    return digest(table)


def evaluate(details: PostgresDetails, is_deployed: bool = False) -> ProbeResult:
    """`is_deployed`: the release has tables, which may be of other databases."""
    if details.wal_level != "logical":
        return OUTCOME.fail(f"wal_level is {details.wal_level}, capture needs logical", details)
    if not details.tables:
        return (
            OUTCOME.ok("holds no table of the release", details)
            if is_deployed
            else OUTCOME.warn(NONE_DEPLOYED, details)
        )
    rows = sum(table.rows_estimate for table in details.tables.values())
    summary = f"holds about {rows:,} rows in {tables(len(details.tables))}"
    findings = {name: evaluate_table(name, table) for name, table in details.tables.items()}
    return summarize(OUTCOME, findings, summary, details)


def evaluate_table(name: str, table: PostgresTable) -> Finding:
    file = f"tables/{name}.toml"
    if table.cause:
        return fail(f"is refused by PostgreSQL: {table.cause}")
    if not table.applied:
        return warn("is not prepared in PostgreSQL yet: make logs S=postgres shows the progress")
    if not table.exists:
        return fail(f"does not exist in PostgreSQL: create it, or remove {file}")
    if table.erasures:
        return fail(
            f"may hold rows that were erased: PostgreSQL was restored, or a command was interrupted"
            f" (erasures to do again: {table.erasures}). Run make erase TABLE={name} AGAIN=1"
        )
    if table.missing:
        columns = ", ".join(table.missing)
        return fail(
            f"lacks columns of {file} in PostgreSQL: {columns}. Add them, or correct {file}"
        )
    if table.unknown:
        return warn(
            f"has columns in PostgreSQL that no release knows: {', '.join(table.unknown)}. Add "
            f"them to {file}, or to not_delivered in it, then make deploy-dags"
        )
    if table.violated:
        return warn(
            f"holds rows in PostgreSQL that violate {table.violated} and do not reach Cassandra: "
            f"make compare TABLE={name} names them; correct them, then SELECT "
            f"riada.validate('{table.relation}') as superuser"
        )
    return ok()
