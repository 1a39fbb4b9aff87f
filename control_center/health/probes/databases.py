"""The other PostgreSQL servers: do they answer, and can their tables be captured? A server at fault
names its tables, and the others deliver."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from contract.errors import ComponentError, UnreachableError, first_line
from contract.health.details.databases import DatabasesDetails, DatabaseStatus
from contract.health.details.postgres import PostgresTable
from contract.health.result import ProbeResult
from contract.table.database import Database
from contract.table.paths import FOLDER, path
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.by_table import Finding, fail, ok, summarize, tables, warn
from control_center.health.databases import requirements
from control_center.health.databases.facts import ServerFacts
from control_center.health.databases.server import read
from control_center.health.outcome import Outcome
from control_center.health.probes.postgres import TABLES, compare
from control_center.pipeline.erasures.file import ErasuresInFile
from control_center.pipeline.erasures.pending import pending
from control_center.pipeline.erasures.postgres import read as read_erasures

OUTCOME = Outcome("databases", "control-center")
NONE = "every table is in Riada's own PostgreSQL"
DOCTOR = "make doctor prints what is missing"


def probe(clients: Clients) -> ProbeResult:
    """Asks all servers at once."""
    deployed = clients.deployed()
    if not deployed.databases:
        return evaluate(DatabasesDetails({}), [])
    again = erasures_to_do_again(clients)
    with ThreadPoolExecutor(len(deployed.databases)) as pool:
        asked = {
            name: pool.submit(status, clients, database, tables_of(deployed.tables, name), again)
            for name, database in deployed.databases.items()
        }
        statuses = {name: answer.result() for name, answer in asked.items()}
    own = [table.name for table in deployed.tables.values() if not table.database]
    return evaluate(DatabasesDetails(statuses), own)


def tables_of(release: Mapping[str, Table], database: str) -> dict[str, Table]:
    return {name: table for name, table in release.items() if table.database == database}


def erasures_to_do_again(clients: Clients) -> Mapping[str, int]:
    """Name of a table → their number; {} if Riada's own PostgreSQL, which has the records, cannot
    be asked: the probe postgres names that."""
    try:
        with clients.postgres() as connection, connection.cursor() as cursor:
            records = read_erasures(cursor)
    except ComponentError:
        return {}
    known = ErasuresInFile.of(clients).read()
    return pending(known, records, time.time_ns() // 1_000_000)


def status(
    clients: Clients, database: Database, of: Mapping[str, Table], again: Mapping[str, int]
) -> DatabaseStatus:
    """`of`: its tables. `again`: name of a table → number of erasures to do again."""
    schemas = [table.schema for table in of.values()]
    try:
        with clients.postgres(database.name) as connection, connection.cursor() as cursor:
            facts = read(cursor, database, list(of.values()))
            cursor.execute(TABLES, [schemas, [table.relation for table in of.values()]])
            relations = compare(of, cursor.fetchall(), {}, again)
    except UnreachableError as error:
        away = {name: PostgresTable(False) for name in of}
        return DatabaseStatus(cause=first_line(error.cause), tables=away)
    return status_of(database, of, facts, relations)


def status_of(
    database: Database,
    of: Mapping[str, Table],
    facts: ServerFacts,
    relations: Mapping[str, PostgresTable],
) -> DatabaseStatus:
    """`relations`: name of a table → the table there."""
    unmet = requirements.missing(database, of, facts)
    causes = {item.table: item.cause for item in reversed(unmet)}
    return DatabaseStatus(
        facts.version,
        causes.get("", ""),
        requirements.warning(facts),
        {
            # Rows that violate a constraint arrive as dead letters: nothing else is validated.
            name: replace(table, applied=True, cause=causes.get(name), violated=None)
            for name, table in relations.items()
        },
    )


def evaluate(details: DatabasesDetails, own: list[str]) -> ProbeResult:
    """`own`: names of the tables of Riada's own PostgreSQL."""
    if not details.databases:
        return OUTCOME.ok(NONE, details)
    findings = {name: ok() for name in own}
    for database, known in details.databases.items():
        for name, table in known.tables.items():
            findings[name] = evaluate_table(database, known, name, table)
    others = sum(len(known.tables) for known in details.databases.values())
    versions = [f"{name} ({known.version})" for name, known in sorted(details.databases.items())]
    summary = f"{', '.join(versions)}: {tables(others)} can be captured"
    return summarize(OUTCOME, findings, summary, details)


def evaluate_table(
    database: str, known: DatabaseStatus, name: str, table: PostgresTable
) -> Finding:
    if not known.version:
        return fail(f"is not captured, its database {known.cause}", database)
    if known.cause:
        return fail(f"is not captured ({known.cause}): {DOCTOR}", database)
    if table.cause:
        return fail(f"is not captured ({table.cause}): {DOCTOR}", database)
    if table.erasures:
        return fail(
            f"may hold rows that were erased (erasures to do again: {table.erasures}). Delete them"
            f" in database {database}, then run make erase TABLE={name} AGAIN=1",
            database,
        )
    file = f"{FOLDER}/{path(name, database)}"
    if table.missing:
        columns = ", ".join(table.missing)
        return fail(f"lacks columns of {file}: {columns}. Add them, or correct {file}", database)
    if table.unknown:
        return warn(
            f"has columns that no release knows: {', '.join(table.unknown)}. Add them to {file}, "
            "or to not_delivered in it, then make deploy-dags",
            database,
        )
    if known.warning:
        return warn(f"is of a server that {known.warning}", database)
    return ok()
