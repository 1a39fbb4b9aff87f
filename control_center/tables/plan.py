"""The plan of a release: what a deploy changes in each table, or why it is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from contract.jobs.plan import Action, Plan, TablePlan
from contract.kafka.topics import dead_letters, events
from contract.stores.cassandra.table import qualified as in_cassandra
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.table import qualified as in_postgres
from contract.table import folder
from contract.table.paths import FOLDER, SUFFIX, path, tables_of
from contract.table.table import Table
from control_center.tables import alteration, cassandra_fit, other_database, postgres_fit
from control_center.tables.catalog import Catalog, Relation
from control_center.tables.keyspace import Keyspace, StoredTable
from control_center.tables.other_database import OtherDatabase, Present
from control_center.tables.refusal import Refusal


def plan(
    files: Mapping[str, str],
    remove: Collection[str],
    deployed: Mapping[str, Table],
    catalog: Catalog,
    keyspace: Keyspace,
    others: Mapping[str, OtherDatabase] = MappingProxyType({}),
) -> Plan:
    """`files`: path of each file in tables/ → its text. `remove`: the tables and columns that may
    be removed. `deployed`: the tables of the release that streams. `catalog`: of Riada's own
    PostgreSQL; `others`: by name. Raises UnreachableError."""
    definitions = folder.examine(files)
    plans = {
        path.removesuffix(SUFFIX): refused([Refusal(fault, f"Correct {FOLDER}/{path}.")])
        for path, fault in definitions.faults.items()
    }
    collisions = cassandra_fit.index_collisions(definitions.tables.values(), deployed)
    for name, table in definitions.tables.items():
        old, stored = deployed.get(name), keyspace.table(name)
        refusals = [*collisions.get(name, ()), *cassandra_fit.refusals(table, stored)]
        refusals += alteration.refusals(old, table, remove) if old else []
        if table.database:
            of_database = [
                item for item in definitions.tables.values() if item.database == table.database
            ]
            state = other_database.ask(others.get(table.database), table, of_database, old)
        else:
            relation = catalog.relation(table.schema, table.relation)
            state = Present(relation, list(postgres_fit.refusals(table, old, relation, catalog)))
        plans[name] = _table(table, old, stored, state, refusals)
    named = tables_of(files)
    for name, table in deployed.items():
        if name not in named:
            plans[name] = removal(table, remove, definitions.databases)
    plans |= _unused(remove, named, deployed)
    ok = all(item.action is not Action.REFUSE for item in plans.values())
    return Plan(ok, dict(sorted(plans.items())))


def refused(refusals: Iterable[Refusal]) -> TablePlan:
    refusals = list(refusals)
    causes = dict.fromkeys(refusal.cause for refusal in refusals)
    remedies = dict.fromkeys(refusal.remedy for refusal in refusals)
    return TablePlan(Action.REFUSE, cause="; ".join(causes), remedy=" ".join(remedies))


def removal(table: Table, remove: Collection[str], databases: Collection[str] = ()) -> TablePlan:
    """A table that the release no longer has. `databases`: names of those that it still has."""
    if table.name not in remove:
        return refused(
            [
                Refusal(
                    f"{FOLDER}/{path(table.name, table.database)} is missing, but the table is "
                    "deployed",
                    "Restore the file, or allow the removal: make deploy-dags "
                    f"REMOVE={table.name}.",
                )
            ]
        )
    topics = f"{events(table).name} and {dead_letters(table).name}"
    dag = ("its DAG is removed",) if table.source else ()
    return TablePlan(
        Action.REMOVE,
        (
            "its changes are no longer delivered",
            *dag,
            _kept(table, databases),
            f"Kafka keeps the topics {topics}; kafka-topics.sh --delete --topic NAME removes them, "
            "and retention removes their messages",
            f"Cassandra keeps {in_cassandra(table)} with its rows; "
            f"DROP TABLE {in_cassandra(table)} removes it",
        ),
    )


def _kept(table: Table, databases: Collection[str]) -> str:
    """What remains in PostgreSQL."""
    name = in_postgres(table)
    if table.database and table.database not in databases:
        return (
            f"{table.database} keeps {name} with its rows; capture drops its replication slot "
            f"there, and DROP PUBLICATION {PUBLICATION} and DROP SCHEMA riada CASCADE remove the "
            "rest"
        )
    if table.database:
        return (
            f"{table.database} keeps {name} in its publication; after the deploy ALTER PUBLICATION "
            f"{PUBLICATION} DROP TABLE {name} removes it"
        )
    return f"PostgreSQL keeps {name} with its rows; DROP TABLE {name} removes it after the deploy"


def _table(
    table: Table,
    old: Table | None,
    stored: StoredTable | None,
    state: Present,
    refusals: list[Refusal],
) -> TablePlan:
    """`state`: of the table in its PostgreSQL; `refusals`: of other kinds."""
    if refusals or state.refusals:
        return refused([*refusals, *state.refusals])
    relation = state.relation
    lines = [*cassandra_fit.changes(table, stored)]
    if state.asked:
        lines = [*postgres_fit.changes(table, relation), *lines]
    if old:
        lines = [*alteration.changes(old, table), *lines, *cassandra_fit.indexes(table, old)]
        action = Action.ALTER if lines else Action.UNCHANGED
        return TablePlan(action, (*lines, *state.warnings, *_unknown(table, relation)))
    if relation is not None:
        server = postgres_fit.server(table)
        lines.insert(0, f"{server}: {in_postgres(table)} has about {relation.rows:,} rows")
    if stored is not None:
        lines.append(
            f"Cassandra: {in_cassandra(table)} exists already; make repair TABLE={table.name} "
            "deletes rows that PostgreSQL does not have"
        )
    lines.append(f"Kafka: topic {events(table).name}")
    return TablePlan(Action.ADD, tuple(lines))


def _unknown(table: Table, relation: Relation | None) -> list[str]:
    """Columns that were added in PostgreSQL and that no release knows."""
    columns = postgres_fit.unknown(table, relation) if relation else []
    return [
        f"{postgres_fit.server(table)} has column {column.name} ({column.type}), which the file "
        "does not name: changed rows wait until it is in [columns] or not_delivered"
        for column in columns
    ]


def _unused(
    remove: Collection[str], files: Mapping[str, str], deployed: Mapping[str, Table]
) -> dict[str, TablePlan]:
    """REMOVE names a table or a column that the release still has, or that was never deployed."""
    plans = {}
    for word, count in Counter(remove).items():
        name, _, column = word.partition(".")
        if not count or name not in deployed:
            plans[name] = refused(
                [Refusal(f"REMOVE={word}: no such table is deployed", "Correct REMOVE.")]
            )
        elif not column and name in files:
            plans[name] = refused(
                [
                    Refusal(
                        f"REMOVE={word}, but the release has its file",
                        f"Delete {FOLDER}/{path(name, deployed[name].database)}.",
                    )
                ]
            )
    return plans
