"""The file of a table, tables/NAME.toml or tables/DATABASE/NAME.toml: text → Table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import tomllib

from contract.table.column import Column
from contract.table.file_rules import check
from contract.table.kinds.error import KindError
from contract.table.kinds.parse import parse
from contract.table.paths import FOLDER, path
from contract.table.source import Source
from contract.table.source_file import source_of
from contract.table.table import Table

NAME = re.compile("[a-z][a-z0-9_]{0,47}")
FIELDS = frozenset(
    {"schema", "relation", "key", "clustering", "indexes", "not_delivered", "columns", "queries"}
    | {"source"}
)
FLAGS = ("null", "personal", "generated")


class TableFileError(ValueError):
    """The file cannot be used. The text names the file, the place in it and the cause."""


def read(name: str, text: str, database: str = "") -> Table:
    """The table that the file describes. Raises TableFileError."""
    try:
        return _table(name, tomllib.loads(text), database)
    except ValueError as error:
        raise TableFileError(f"{FOLDER}/{path(name, database)}: {error}") from error


def column(name: str, spec: str) -> Column:
    """`varchar(255) null personal from name.first` → the column. Raises ValueError."""
    words, _, path = spec.partition(" from ")
    parts = words.split()
    flags = set()
    while parts and parts[-1] in FLAGS:
        flags.add(parts.pop())
    try:
        kind = parse(" ".join(parts))
    except KindError as error:
        raise ValueError(f"columns.{name}: {error}") from error
    return Column(
        name,
        kind,
        nullable="null" in flags,
        personal="personal" in flags,
        generated="generated" in flags,
        path=path.strip(),
    )


def _table(name: str, content: Mapping[str, Any], database: str) -> Table:
    if not NAME.fullmatch(name):
        raise ValueError("a name has up to 48 of a-z, 0-9 and _, and begins with a letter")
    if unknown := content.keys() - FIELDS:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    columns = content.get("columns", {})
    if not isinstance(columns, dict) or not columns:
        raise ValueError("[columns] is missing")
    for column_name, spec in columns.items():
        if not isinstance(spec, str):
            raise ValueError(f'columns.{column_name}: expected text, such as "varchar(255) null"')
    table = Table(
        name,
        columns=tuple(column(column_name, spec) for column_name, spec in columns.items()),
        partition=_names(content, "key"),
        clustering=_names(content, "clustering"),
        indexes=_names(content, "indexes"),
        queries=_queries(content),
        not_delivered=frozenset(_names(content, "not_delivered")),
        schema=_text(content, "schema", "public"),
        relation=_text(content, "relation", name),
        source=_source(content),
        database=database,
    )
    check(table)
    return table


def _names(content: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = content.get(field, [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"{field}: expected a list of names")
    return tuple(value)


def _text(content: Mapping[str, Any], field: str, default: str) -> str:
    value = content.get(field, default)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{field}: expected text")
    return value


def _queries(content: Mapping[str, Any]) -> dict[str, str]:
    value = content.get("queries", {})
    if not isinstance(value, dict) or not all(isinstance(cql, str) for cql in value.values()):
        raise ValueError('queries: expected NAME = "SELECT …"')
    return value


def _source(content: Mapping[str, Any]) -> Source | None:
    return source_of(content["source"]) if "source" in content else None
