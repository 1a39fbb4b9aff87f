"""What another PostgreSQL lacks for the delivery of its tables, with the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contract.stores.postgres.capture_schema import PUBLISHED, RIGHTS
from contract.stores.postgres.checks import strict
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.table import qualified
from contract.stores.quoting import quoted
from contract.table.database import Database
from contract.table.paths import FOLDER, path
from contract.table.table import Table
from control_center.health.databases import statements
from control_center.health.databases.facts import DEFAULT, FULL, ServerFacts, TableFacts

OLDEST, NEWEST = 13, 17  # versions that Riada's tests run
RUN = "Run the printed statements."


@dataclass(frozen=True)
class Requirement:
    """`statement`: the SQL that corrects it, "" if no SQL can. `table`: the name of the only table
    that lacks it; "" for all of them."""

    cause: str
    remedy: str
    statement: str = ""
    table: str = ""


def missing(
    database: Database, tables: Mapping[str, Table], facts: ServerFacts
) -> list[Requirement]:
    """What is missing, in the order in which the statements must run. `tables`: those of this
    database."""
    listed = list(tables.values())
    return [
        *_server(database, facts),
        *_schema(database, facts),
        *(item for table in listed for item in _readable(database, table, facts)),
        # PostgreSQL refuses updates of a published table without a replica identity.
        *(item for table in listed for item in _table(table, facts)),
        *_publication(listed, facts),
    ]


def warning(facts: ServerFacts) -> str:
    """What should be known although rows are delivered; "" without."""
    if facts.major <= NEWEST:
        return ""
    return f"runs PostgreSQL {facts.version}, newer than the versions that Riada is tested with"


def script(database: Database, listed: Iterable[str]) -> str:
    """One script of statements, each once; "" without any."""
    unique = [statement for statement in dict.fromkeys(listed) if statement]
    if not unique:
        return ""
    head = f"-- In database {database.database} of {database.name}, as a superuser or RDS's master:"
    return "\n".join([head, *unique]) + "\n"


def _server(database: Database, facts: ServerFacts) -> Iterator[Requirement]:
    if facts.major < OLDEST:
        yield Requirement(
            f"runs PostgreSQL {facts.version}, and Riada needs {OLDEST} or newer",
            "Upgrade the server.",
        )
    if facts.standby:
        yield Requirement(
            "is a standby, which cannot be captured", "Name the primary's address in DATABASES."
        )
    if facts.wal_level != "logical":
        cause = f"wal_level is {facts.wal_level}, and capture needs logical"
        if facts.rds:
            yield Requirement(
                cause,
                "Set rds.logical_replication = 1 in the parameter group, then reboot the instance.",
            )
        else:
            remedy = "Run the printed statement, then restart the server."
            yield Requirement(cause, remedy, statements.SET_WAL_LEVEL)
    if not facts.slot_exists and facts.free_slots < 1:
        yield Requirement(
            "has no free replication slot",
            "Raise max_replication_slots and restart the server, or drop a slot that nobody reads.",
        )
    if not facts.slot_exists and facts.free_senders < 1:
        yield Requirement("has no free WAL sender", "Raise max_wal_senders and restart the server.")
    if not facts.replicates:
        yield Requirement(
            f"its user {database.user} may not replicate", RUN, statements.replication(database)
        )


def _schema(database: Database, facts: ServerFacts) -> Iterator[Requirement]:
    absent = sorted(RIGHTS.keys() - facts.rights.keys())
    if absent:
        yield Requirement(f"has no table {', '.join(absent)}", RUN, statements.SCHEMA)
    short = [
        name
        for name, rights in sorted(RIGHTS.items())
        if not {*rights.split(", ")} <= facts.rights.get(name, frozenset())
    ]
    if short or not facts.enters:
        cause = f"its user {database.user} lacks rights in schema riada"
        yield Requirement(cause, RUN, statements.own_rights(database))


def _readable(database: Database, table: Table, facts: ServerFacts) -> Iterator[Requirement]:
    known = facts.tables.get(table.name)
    if known is None:
        file = f"{FOLDER}/{path(table.name, table.database)}"
        yield Requirement(
            f"has no table {qualified(table)}",
            f"Create it, or correct {file}.",
            table=table.name,
        )
        return
    if not known.readable:
        yield Requirement(
            f"its user {database.user} may not read {qualified(table)}",
            RUN,
            statements.read(database, table),
            table.name,
        )
    if known.hidden:
        yield Requirement(
            f"row security may hide rows of {qualified(table)} from its user {database.user}",
            RUN,
            statements.see_all_rows(database),
            table.name,
        )


def _publication(tables: list[Table], facts: ServerFacts) -> Iterator[Requirement]:
    known = facts.tables
    existing = [item for item in tables if item.name in known and known[item.name].has_key]
    publication = facts.publication
    if publication is None:
        statement = statements.create_publication(existing)
        yield Requirement(f"has no publication {PUBLICATION}", RUN, statement)
        return
    if not publication.lists:
        yield Requirement(
            f"its publication {PUBLICATION} has all tables, and must list those of Riada",
            f"Run DROP PUBLICATION {PUBLICATION}, then ask again.",
        )
        return
    if not publication.complete:
        cause = f"its publication {PUBLICATION} leaves out inserts, updates or deletes"
        yield Requirement(cause, RUN, statements.PUBLISH_CHANGES)
    for name in PUBLISHED:
        if name not in publication.own:
            cause = f"its publication {PUBLICATION} leaves {name} out"
            yield Requirement(cause, RUN, statements.publish(name))
    for table in existing:
        yield from _published(table, facts.tables[table.name])


def _published(table: Table, known: TableFacts) -> Iterator[Requirement]:
    name = qualified(table)
    if not known.published:
        yield Requirement(
            f"its publication {PUBLICATION} leaves {name} out",
            RUN,
            statements.publish(name),
            table.name,
        )
    if known.filtered:
        yield Requirement(
            f"its publication {PUBLICATION} leaves rows or columns of {name} out",
            f"Run ALTER PUBLICATION {PUBLICATION} DROP TABLE {name}, then ALTER PUBLICATION "
            f"{PUBLICATION} ADD TABLE {name}, then make repair TABLE={table.name}.",
            table=table.name,
        )


def _table(table: Table, facts: ServerFacts) -> Iterator[Requirement]:
    known = facts.tables.get(table.name)
    if known is None:
        return
    name = qualified(table)
    if not known.has_key:
        key = ", ".join(quoted(column.name) for column in table.key)
        yield Requirement(
            f"{name} has no primary key, or a deferrable one, so changed rows cannot be identified",
            f"Run ALTER TABLE {name} ADD PRIMARY KEY ({key}), without a deferrable one.",
            table=table.name,
        )
        return
    fitting = (FULL,) if statements.full(table) else (FULL, DEFAULT)
    if known.identity not in fitting:
        wanted = "FULL" if statements.full(table) else "DEFAULT"
        yield Requirement(
            f"{name} needs REPLICA IDENTITY {wanted}",
            RUN,
            statements.identity(table),
            table.name,
        )
    for check in strict(table):
        if check not in known.constraints:
            yield Requirement(
                f"{name} has no validated constraint {check}",
                f"{RUN} Rows that violate it must be corrected first.",
                statements.constraint(table, check),
                table.name,
            )
