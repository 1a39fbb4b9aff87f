"""The file of a table whose rows are the items of a JSON API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from contract.errors import InvalidInputError
from contract.jobs.describe import DescribeResult
from contract.table import paths
from contract.table.column import Column
from contract.table.file import NAME
from contract.table.kinds.parse import parse
from contract.table.pagination import Cursor, NoPagination, PageNumber, Pagination
from contract.table.render import render
from contract.table.source import Source
from contract.table.table import Table
from control_center.config import COMPONENT
from control_center.tables.fetch import ApiAnswer
from control_center.tables.items import fields, find_items
from control_center.tables.names import column_name, is_personal
from control_center.tables.paging import pagination_of
from control_center.tables.values import type_of

KEY_TYPES = ("uuid", "int8", "varchar(255)", "text")


def describe(name: str, url: str, answer: ApiAnswer) -> DescribeResult:
    """Raises InvalidInputError for an answer without items, or without a key."""
    if not NAME.fullmatch(name):
        raise InvalidInputError(
            COMPONENT,
            "the name of a new table has up to 48 of a-z, 0-9 and _, and begins with a letter",
            "Such as NAME=orders.",
        )
    items = find_items(answer.content)
    if items is None:
        raise InvalidInputError(
            COMPONENT, "the answer has no list of objects", "Name the URL of a list of items."
        )
    path, rows = items
    values = fields(rows)
    columns = _columns(values)
    key = _key(columns, values)
    pagination = pagination_of(url, answer)
    source = _source(url, path, pagination)
    table = Table(name, columns=tuple(columns), partition=(key,), source=source)
    notes = _notes(table, len(rows), path, pagination, values)
    return DescribeResult(paths.path(name), render(table), notes=tuple(notes))


def _columns(values: Mapping[str, Sequence[Any]]) -> list[Column]:
    columns: dict[str, Column] = {}
    for path, shown in values.items():
        name, number = column_name(path), 2
        while name in columns:
            name, number = f"{column_name(path)}_{number}", number + 1
        columns[name] = Column(
            name,
            parse(type_of(shown)),
            nullable=any(value is None for value in shown),
            personal=is_personal(name),
            path="" if path == name else path,
        )
    return list(columns.values())


def _key(columns: Sequence[Column], values: Mapping[str, Sequence[Any]]) -> str:
    """The column that identifies an item: its values are unique, and its name is the likeliest."""
    unique = [
        column
        for column in columns
        if column.kind.spec in KEY_TYPES
        and not column.nullable
        and len({*values[column.source_path]}) == len(values[column.source_path])
    ]
    if not unique:
        raise InvalidInputError(
            COMPONENT,
            "no field of the items has a value that identifies each of them",
            "Write the file by hand, with a key of several columns (docs/tables.md).",
        )
    return min(unique, key=_unlikely).name


def _unlikely(column: Column) -> tuple[bool, bool, bool, int]:
    words = column.name.split("_")
    return (
        column.name not in ("id", "uuid"),
        not {"id", "uuid", "guid", "key"} & {*words},
        column.kind.spec not in ("uuid", "int8"),
        len(words),
    )


def _source(url: str, items: str, pagination: Pagination) -> Source:
    """The query's parameters apart from those of a page."""
    parts = urlsplit(url)
    names = {pagination.size}
    if isinstance(pagination, (PageNumber, Cursor)):
        names.add(pagination.parameter)
    query = {name: value for name, value in parse_qsl(parts.query) if name not in names}
    return Source(urlunsplit(parts._replace(query="")), items, pagination, query)


def _notes(
    table: Table,
    count: int,
    path: str,
    pagination: Pagination,
    values: Mapping[str, Sequence[Any]],
) -> list[str]:
    notes = [
        f"derived from {count} items{f' at {path}' if path else ''}: add null where a value may be "
        "missing, and check the lengths",
        f"key: {table.partition[0]}, whose values are unique in this answer",
    ]
    if isinstance(pagination, NoPagination):
        notes.append("pagination: none, since the answer names no next page")
    if table.personal:
        notes.append(
            f"masked on pages, as their names suggest: {', '.join(sorted(table.personal))}"
        )
    empty = [path for path, shown in values.items() if all(value is None for value in shown)]
    if empty:
        notes.append(f"always null in this answer, so their type is a guess: {', '.join(empty)}")
    return notes
