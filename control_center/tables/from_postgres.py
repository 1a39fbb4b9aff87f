"""The file of a table that PostgreSQL has."""

from __future__ import annotations

from contract.errors import InvalidInputError, NotFoundError
from contract.jobs.describe import DescribeResult, RefusedColumn
from contract.stores.postgres.table import quoted
from contract.table.column import Column
from contract.table.kinds.error import KindError
from contract.table.kinds.kind import Kind
from contract.table.render import render
from contract.table.table import Table
from control_center.tables.catalog import KINDS, ORDINARY, Catalog, CatalogColumn, Relation
from control_center.tables.kinds import exact_form, kind_of
from control_center.tables.names import file_name, is_personal, relation_name
from control_center.tables.postgres_fit import GENERATED, RESERVED

POSTGRES = "postgres"


def describe(name: str, catalog: Catalog) -> DescribeResult:
    """Raises NotFoundError, and InvalidInputError for a table that cannot be delivered."""
    schema, relation_text = relation_name(name)
    relation = catalog.relation(schema, relation_text)
    if relation is None:
        raise NotFoundError(
            POSTGRES, f"has no table {schema}.{relation_text}", _others(relation_text, catalog)
        )
    _check(relation)
    columns: list[Column] = []
    refused: dict[str, KindError] = {}
    notes: list[str] = []
    for column in relation.columns:
        try:
            columns.append(_column(column, _kind(column, relation, notes)))
        except KindError as error:
            refused[column.name] = error
    table = Table(
        file_name(schema, relation_text),
        columns=tuple(columns),
        partition=relation.key[:1],
        clustering=relation.key[1:],
        schema=schema,
        relation=relation_text,
    )
    return DescribeResult(
        table.name,
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


def _kind(column: CatalogColumn, relation: Relation, notes: list[str]) -> Kind:
    """Raises KindError. A column of the key is carried in the exact form that its type allows,
    since a row without its key cannot be delivered."""
    if column.generated:
        raise KindError(
            column.type, GENERATED, "not_delivered", "an ordinary column that a trigger fills"
        )
    if column.name not in relation.key:
        return kind_of(column)
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
