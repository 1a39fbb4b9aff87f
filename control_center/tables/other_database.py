"""A table of another PostgreSQL in the plan: its server is asked, and nothing is created there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from contract.errors import UnreachableError
from contract.table.database import Database
from contract.table.paths import DATABASE_FILE, FOLDER
from contract.table.table import Table
from control_center.health.databases.facts import ServerFacts
from control_center.health.databases.requirements import missing
from control_center.tables import postgres_fit
from control_center.tables.catalog import Catalog, Relation
from control_center.tables.refusal import Refusal


@dataclass(frozen=True)
class OtherDatabase:
    """`facts` of the server about these tables: name → table; raises UnreachableError.
    `unchanged`: the deployed release describes the database in the same way."""

    database: Database
    catalog: Catalog
    facts: Callable[[Mapping[str, Table]], ServerFacts]
    unchanged: bool = False


@dataclass(frozen=True)
class Present:
    """A table in its PostgreSQL. `relation`: None if it does not exist, or if the server was not
    `asked`. `warnings`: sentences about a table that stays as it is."""

    relation: Relation | None
    refusals: list[Refusal] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    asked: bool = True


def ask(
    other: OtherDatabase | None, table: Table, tables: list[Table], old: Table | None
) -> Present:
    """`tables`: all of this database; `old`: the deployed table. A table that does not change is
    not refused, so that a server that is away does not stop the deploy of other tables."""
    if other is None:
        file = f"{FOLDER}/{table.database}/{DATABASE_FILE}"
        refusal = Refusal(f"its database is not described: {file}", f"Correct {file}.")
        return Present(None, [refusal], asked=False)
    stays = old == table and other.unchanged
    try:
        facts = other.facts({item.name: item for item in tables})
        relation = other.catalog.relation(table.schema, table.relation)
        faults = list(_faults(other, table, old, relation, facts))
    except UnreachableError as error:
        if stays:
            return Present(None, warnings=(f"{error}; it was not checked",), asked=False)
        remedy = error.remedy or "make doctor names the cause, and prints what the server needs."
        return Present(None, [Refusal(str(error), remedy)], asked=False)
    if stays:
        return Present(relation, warnings=tuple(fault.cause for fault in faults))
    return Present(relation, faults)


def _faults(
    other: OtherDatabase,
    table: Table,
    old: Table | None,
    relation: Relation | None,
    facts: ServerFacts,
) -> Iterator[Refusal]:
    yield from postgres_fit.refusals(table, old, relation, other.catalog)
    for item in missing(other.database, {table.name: table}, facts):
        if item.table and relation is None:
            continue
        run = f"Run in {table.database}: {item.statement}" if item.statement else item.remedy
        yield Refusal(f"{table.database}: {item.cause}", run)
