"""The file of a table that PostgreSQL has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from contract.errors import InvalidInputError, NotFoundError
from contract.jobs.describe import DescribeResult, RefusedColumn
from contract.stores.quoting import quoted
from contract.table import file_rules
from contract.table.column import Column
from contract.table.kinds.error import KindError
from contract.table.kinds.kind import Kind
from contract.table.paths import path
from contract.table.render import render
from contract.table.table import Table
from control_center.tables.catalog import KINDS, ORDINARY, Catalog, CatalogColumn, Relation
from control_center.tables.kinds import exact_form, kind_of
from control_center.tables.names import LONGEST, file_name, is_personal, relation_name
from control_center.tables.postgres_fit import GENERATED, RESERVED

POSTGRES = "postgres"


def describe(
    name: str, catalog: Catalog, database: str = "", taken: Collection[str] = ()
) -> DescribeResult:
    """`database`: the folder of the table's database, "" for Riada's own. `taken`: names that the
    file cannot have. Raises NotFoundError, and InvalidInputError for a table that cannot be
    delivered."""
    schema, relation_text = relation_name(name)
    relation = catalog.relation(schema, relation_text)
    if relation is None:
        raise NotFoundError(
            database or POSTGRES,
            f"has no table {schema}.{relation_text}",
            _others(relation_text, catalog),
        )
    _check(relation)
    refused: dict[str, KindError] = {}
    notes: list[str] = []
    table = _key_table(relation, notes)
    if table.name in taken:
        table = replace(table, name=f"{database}_{table.name}"[:LONGEST])
    for column in relation.columns:
        if column.name not in relation.key:
            try:
                table = _with(table, _column(column, _kind(column)))
            except KindError as error:
                refused[column.name] = error
    names = [column.name for column in relation.columns]
    columns = sorted(table.columns, key=lambda column: names.index(column.name))
    table = replace(table, columns=tuple(columns))
    return DescribeResult(
        path(table.name, database),
        render(table, refused),
        tuple(RefusedColumn(column, str(error)) for column, error in refused.items()),
        (*notes, *_notes(table, relation)),
    )


def _check(relation: Relation) -> None:
    name = f"{quoted(relation.schema)}.{quoted(relation.name)}"
    if relation.schema in RESERVED:
        raise InvalidInputError(POSTGRES, f"schema {relation.schema} is not for tables of your own")
    if relation.kind != ORDINARY:
        kind = KINDS.get(relation.kind, "not a table")
        raise InvalidInputError(
            POSTGRES, f"{name} is {kind}, whose changes are not captured", "Name an ordinary table."
        )
    if not relation.logged:
        raise InvalidInputError(
            POSTGRES, f"{name} is an unlogged table", f"Run ALTER TABLE {name} SET LOGGED."
        )
    if not relation.key:
        first = quoted(relation.columns[0].name) if relation.columns else "…"
        raise InvalidInputError(
            POSTGRES,
            f"{name} has no primary key, so Cassandra cannot identify its rows",
            f"Run ALTER TABLE {name} ADD PRIMARY KEY ({first}), with the columns that identify a "
            "row.",
        )


def _key_table(relation: Relation, notes: list[str]) -> Table:
    """The table with the columns of its key alone. Raises InvalidInputError."""
    columns = [column for column in relation.columns if column.name in relation.key]
    table = Table(
        file_name(relation.schema, relation.name),
        columns=tuple(_column(column, _key_kind(column, notes)) for column in columns),
        partition=relation.key[:1],
        clustering=relation.key[1:],
        schema=relation.schema,
        relation=relation.name,
    )
    try:
        file_rules.check(table)
    except ValueError as error:
        raise InvalidInputError(POSTGRES, str(error), "Deliver another table.") from error
    return table


def _with(table: Table, column: Column) -> Table:
    """The table with one more column. Raises KindError if the file could not have it."""
    wider = replace(table, columns=(*table.columns, column))
    try:
        file_rules.check(wider)
    except ValueError as error:
        reason = str(error).removeprefix(f"columns.{column.name}: ")
        raise KindError(column.kind.spec, reason) from error
    return wider


def _kind(column: CatalogColumn) -> Kind:
    """Raises KindError."""
    if column.generated:
        raise KindError(
            column.type, GENERATED, "not_delivered", "an ordinary column that a trigger fills"
        )
    return kind_of(column)


def _key_kind(column: CatalogColumn, notes: list[str]) -> Kind:
    """A column of the key is carried in an exact form, since a row without its key cannot be
    delivered. Raises InvalidInputError."""
    try:
        kind = kind_of(column)
    except KindError as error:
        kind = _exact(column, error)
        notes.append(f"{column.name} is part of the key, so it is carried as {kind.spec}")
    if not kind.in_key:
        raise InvalidInputError(
            POSTGRES,
            f"{column.name} is part of the primary key, and {column.type} cannot be in a key",
            "Use a primary key without it.",
        )
    return kind


def _exact(column: CatalogColumn, error: KindError) -> Kind:
    kind = exact_form(column)
    if kind is None:
        raise InvalidInputError(
            POSTGRES, f"{column.name} is part of the primary key: {error}", "Use another key."
        ) from error
    return kind


def _column(column: CatalogColumn, kind: Kind) -> Column:
    return Column(
        column.name,
        kind,
        nullable=column.nullable,
        personal=is_personal(column.name),
        generated=column.identity,
    )


def _notes(table: Table, relation: Relation) -> list[str]:
    notes = []
    if table.clustering:
        notes.append(
            f"rows with the same {table.partition[0]} share a partition of Cassandra, ordered by "
            f"{', '.join(table.clustering)}: a partition should stay below 100,000 rows"
        )
    if table.personal:
        notes.append(
            f"masked on pages, as their names suggest: {', '.join(sorted(table.personal))}"
        )
    carried = {column.name: column.kind for column in table.columns}
    indexes = [name for name in relation.indexed if name in carried and carried[name].indexable]
    if indexes:
        notes.append(f"PostgreSQL has indexes on {', '.join(indexes)}: name them in indexes = […] "
                     "to query Cassandra by them")  # fmt: skip
    return notes


def _others(relation: str, catalog: Catalog) -> str:
    names = [f"{quoted(schema)}.{quoted(name)}" for schema, name in catalog.similar(relation)]
    return f"It has {', '.join(names)}." if names else "Create it first, or correct NAME."
