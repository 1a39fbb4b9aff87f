"""Does a table of PostgreSQL fit the file of tables/ that describes it?"""

from __future__ import annotations

from collections.abc import Iterator

from contract.stores.postgres.table import add_column, create, qualified
from contract.stores.quoting import quoted
from contract.table.column import Column
from contract.table.kinds.error import KindError
from contract.table.table import Table
from control_center.tables.catalog import KINDS, ORDINARY, Catalog, CatalogColumn, Relation
from control_center.tables.kinds import form_of, kind_of
from control_center.tables.refusal import Refusal

# Riada's own tables, and PostgreSQL's.
RESERVED = ("riada", "pg_catalog", "information_schema")


def refusals(
    table: Table, old: Table | None, relation: Relation | None, catalog: Catalog
) -> Iterator[Refusal]:
    """Everything in PostgreSQL that the file does not describe correctly. `old`: the deployed
    table. In another database a deploy creates nothing, so what is missing there is refused with
    the statement."""
    if table.schema in RESERVED:
        yield Refusal(f"schema {table.schema} is not for tables of your own", "Use another schema.")
    elif relation is None:
        yield from _missing(table, catalog)
    else:
        yield from _relation(table, relation)
        yield from _key(table, relation)
        for column in table.columns:
            yield from _column(table, column, relation.column(column.name))
        for extra in unknown(table, relation):
            # A column that somebody added later must not stop a deploy of other tables.
            if old is None or extra.name in {*old.names, *old.not_delivered}:
                yield Refusal(
                    f"{server(table)} has column {extra.name} ({extra.type}), which the file does "
                    "not name",
                    f"Add {extra.name} to [columns] or to not_delivered.",
                )


def changes(table: Table, relation: Relation | None) -> Iterator[str]:
    """What a deploy changes in PostgreSQL, in sentences."""
    if relation is None:
        fill = "its DAG fills it" if table.source else "it is empty until an application writes"
        yield f"PostgreSQL: creates {qualified(table)}; {fill}"
        return
    if table.database:
        return
    if not relation.key_identity:
        yield f"PostgreSQL: {qualified(table)} gets the replica identity of its primary key"
    for column in table.columns:
        if relation.column(column.name) is None:
            yield f"PostgreSQL: adds column {column.name} {column.kind.postgres}"


def _missing(table: Table, catalog: Catalog) -> Iterator[Refusal]:
    others = [names for names in catalog.similar(table.relation) if names[0] not in RESERVED]
    if not table.source and others:
        schema, name = others[0]
        yield Refusal(
            f"{server(table)} has no table {qualified(table)}, but it has {schema}.{name}",
            f'In the file, write schema = "{schema}" and relation = "{name}".',
        )
    elif table.database:
        yield Refusal(
            f"{table.database} has no table {qualified(table)}",
            f"Run there: {create(table)}",
        )
        return
    for column in table.columns:
        if column.generated:
            yield Refusal(
                f"{server(table)} has no table {qualified(table)}, and the file cannot say how "
                f"column {column.name} is generated",
                "Create the table in PostgreSQL first.",
            )


def _relation(table: Table, relation: Relation) -> Iterator[Refusal]:
    name = qualified(table)
    if relation.kind != ORDINARY:
        yield Refusal(
            f"{name} is {KINDS.get(relation.kind, 'not a table')}, whose changes are not captured",
            "Deliver an ordinary table.",
        )
    elif not relation.logged:
        yield Refusal(
            f"{name} is an unlogged table, whose changes are not captured",
            f"Run ALTER TABLE {name} SET LOGGED.",
        )


def _key(table: Table, relation: Relation) -> Iterator[Refusal]:
    names = tuple(column.name for column in table.key)
    if relation.kind != ORDINARY or names == relation.key:
        return
    if not relation.key:
        listed = ", ".join(map(quoted, names))
        yield Refusal(
            f"{qualified(table)} has no primary key",
            f"Run ALTER TABLE {qualified(table)} ADD PRIMARY KEY ({listed}).",
        )
        return
    yield Refusal(
        f"key and clustering are {', '.join(names)}, but the primary key is "
        f"{', '.join(relation.key)}",
        "List the columns of the primary key in its order: first key, then clustering.",
    )


def _column(table: Table, column: Column, present: CatalogColumn | None) -> Iterator[Refusal]:
    if present is None:
        yield from _absent(table, column)
        return
    name = f"columns.{column.name}"
    try:
        kind = kind_of(present, form_of(column.kind))
    except KindError as error:
        yield Refusal(f"{name}: {error}", f"Move {column.name} to not_delivered.")
        return
    if kind != column.kind:
        yield Refusal(
            f"{name} is {column.kind.spec} in the file, but {present.type} in {server(table)}",
            f"Write {kind.spec} into the file, or run {_free_ddl(table)}ALTER TABLE "
            f"{qualified(table)} ALTER {quoted(column.name)} TYPE {column.kind.postgres}.",
        )
    if present.nullable and not column.nullable:
        yield Refusal(
            f"{name} may be null in {server(table)}", f'Write "{kind.spec} null" into the file.'
        )
    if present.generated:
        yield Refusal(f"{name}: {GENERATED}", f"Move {column.name} to not_delivered.")
    elif present.identity != column.generated:
        verb = "numbers" if present.identity else "does not generate"
        change = "add" if present.identity else "remove"
        yield Refusal(
            f"{name}: {server(table)} {verb} its values",
            f'In the file, {change} the word "generated".',
        )


def server(table: Table) -> str:
    """Which PostgreSQL has the table, as the subject of a sentence."""
    return table.database or "PostgreSQL"


def _free_ddl(table: Table) -> str:
    """Riada's own PostgreSQL refuses DDL of delivered tables otherwise."""
    return "" if table.database else "SET riada.ddl = 'on'; "


GENERATED = "PostgreSQL computes it from other columns, and logical replication leaves it out"


def _absent(table: Table, column: Column) -> Iterator[Refusal]:
    """PostgreSQL has the table without this column; a deploy adds it if it is a nullable value."""
    if table.database:
        yield Refusal(
            f"columns.{column.name}: {table.database} has no such column in {qualified(table)}",
            f"Run there: {add_column(table, column)} Or remove {column.name} from the file.",
        )
    elif not column.nullable or column.generated:
        yield Refusal(
            f"columns.{column.name}: {qualified(table)} has no such column, and a deploy adds "
            "nullable columns only",
            f"Write null after its type, or remove {column.name} from the file.",
        )


def unknown(table: Table, relation: Relation) -> list[CatalogColumn]:
    """PostgreSQL's columns that the file does not name. An event with one stops the table's
    query."""
    return [
        column
        for column in relation.columns
        if column.name not in {*table.names, *table.not_delivered} and not column.generated
    ]
