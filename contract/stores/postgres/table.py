"""A table in PostgreSQL: its DDL, and the statements that read and write its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contract.stores.quoting import quoted
from contract.table.column import Column
from contract.table.table import Table


def qualified(table: Table) -> str:
    """ "public"."orders"."""
    return f"{quoted(table.schema)}.{quoted(table.relation)}"


def create(table: Table) -> str:
    """CREATE TABLE, if it does not exist."""
    key = ", ".join(quoted(column.name) for column in table.key)
    lines = [
        *(f"{definition(column)}{'' if column.nullable else ' NOT NULL'}"
          for column in table.columns),
        f"PRIMARY KEY ({key})",
    ]  # fmt: skip
    body = ",\n    ".join(lines)
    return f"CREATE TABLE IF NOT EXISTS {qualified(table)} (\n    {body}\n);"


def add_column(table: Table, column: Column) -> str:
    """Only nullable columns may be added later."""
    return f"ALTER TABLE {qualified(table)} ADD COLUMN {definition(column)};"


def definition(column: Column) -> str:
    """ "city" varchar(255)."""
    return f"{quoted(column.name)} {column.kind.postgres}"


def read(table: Table) -> str:
    """The columns of a SELECT, in order."""
    return ", ".join(column.kind.read_postgres(quoted(column.name)) for column in table.columns)


def read_key(table: Table) -> str:
    """The columns of the key, in its order."""
    return ", ".join(column.kind.read_postgres(quoted(column.name)) for column in table.key)


def by_keys(table: Table) -> str:
    """A condition for many rows. It has one parameter for each column of the key: the list of its
    values as text (Kind.postgres_text)."""
    names = ", ".join(parameter_safe(quoted(column.name)) for column in table.key)
    lists = ", ".join("%s::text[]" for _ in table.key)
    aliases = [f"k{number}" for number, _ in enumerate(table.key)]
    values = ", ".join(
        f"{alias}::{column.kind.postgres}" for alias, column in zip(aliases, table.key, strict=True)
    )
    return f"({names}) IN (SELECT {values} FROM unnest({lists}) AS k ({', '.join(aliases)}))"


def delete(table: Table) -> str:
    """Takes the parameters of by_keys()."""
    return f"DELETE FROM {parameter_safe(qualified(table))} WHERE {by_keys(table)}"


def upsert(table: Table) -> str:
    """For psycopg2.extras.execute_values, with the values of writable(table). Each key must occur
    only once in the rows. Rows that are stored already do not change, so a repeated batch emits no
    change event."""
    columns = writable(table)
    names = [parameter_safe(quoted(column.name)) for column in columns]
    key = [parameter_safe(quoted(column.name)) for column in table.key]
    values = [column for column in columns if column not in table.key]
    others = [parameter_safe(quoted(column.name)) for column in values]
    insert = f"INSERT INTO {parameter_safe(qualified(table))} AS u ({', '.join(names)}) VALUES %s\n"
    conflict = f"ON CONFLICT ({', '.join(key)})"
    if not others:
        return f"{insert}{conflict} DO NOTHING"
    return (
        f"{insert}{conflict} DO UPDATE SET "
        f"{', '.join(f'{name} = excluded.{name}' for name in others)}\n"
        f"WHERE ({', '.join(_comparable('u', column) for column in values)})\n"
        f"IS DISTINCT FROM ({', '.join(_comparable('excluded', column) for column in values)})"
    )


def parameters(table: Table, row: Sequence[Any]) -> list[Any]:
    """The values of writable(table) as psycopg2 takes them for upsert(table). It would write an
    array as ARRAY['…'], which is text[] for every type that is written as text."""
    return [
        column.kind.postgres_text(column.kind.canonical(value))
        if isinstance(value, list)
        else value
        for column, value in zip(writable(table), row, strict=True)
    ]


def writable(table: Table) -> tuple[Column, ...]:
    """The columns that applications write."""
    return tuple(column for column in table.columns if not column.generated)


def _comparable(row: str, column: Column) -> str:
    """json has no operator for equality."""
    cast = "::text" if column.kind.postgres == "json" else ""
    return f"{row}.{parameter_safe(quoted(column.name))}{cast}"


def parameter_safe(sql: str) -> str:
    """SQL without parameters as part of a statement with parameters, where % begins one."""
    return sql.replace("%", "%%")
