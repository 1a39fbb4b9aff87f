"""One item of a table's source → one row, or the reason why not."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from contract.table.column import Column
from contract.table.items.convert import converter
from contract.table.json_path import names, type_name
from contract.table.key import key_text
from contract.table.table import Table


def row(table: Table, item: Any) -> tuple[Any, ...]:
    """The item's values for the columns that are not generated, in order. Column.kind.canonical()
    takes each of them.

    Raises ValueError("<path>: <cause>"); causes name types and limits, never a value.
    """
    return tuple([read(item) for read in _readers(table)])


def item_key(table: Table, item: Any) -> str | None:
    """The text of the key that the item's row would have (contract/table/key.py); None if the item
    has none."""
    readers = _readers_of_key(table)
    try:
        return key_text(table, [read(item) for read in readers]) if readers else None
    except (TypeError, ValueError, ArithmeticError):
        return None


@lru_cache(maxsize=64)
def _readers_of_key(table: Table) -> tuple[_Reader, ...]:
    """() if PostgreSQL makes a value of the key."""
    generated = any(column.generated for column in table.key)
    return () if generated else tuple(_Reader(column) for column in table.key)


@lru_cache(maxsize=64)
def _readers(table: Table) -> tuple[_Reader, ...]:
    return tuple(_Reader(column) for column in table.columns if not column.generated)


class _Reader:
    """Reads a column's value."""

    def __init__(self, column: Column) -> None:
        self._path = column.source_path
        self._names = names(self._path)
        self._nullable = column.nullable
        self._convert = converter(column.kind)
        self._cause = column.cause

    def __call__(self, item: Any) -> Any:
        value = item
        for name in self._names:
            if not isinstance(value, dict):
                return self._missing_parent(value)
            value = value.get(name)
        if value is None:
            if self._nullable:
                return None
            raise ValueError(f"{self._path}: missing")
        try:
            stored = self._convert(value)
            outside = self._cause(stored)
        except ValueError as error:
            raise ValueError(f"{self._path}: {error}") from None
        if outside:
            raise ValueError(f"{self._path}: {outside}")
        return stored

    def _missing_parent(self, parent: Any) -> None:
        if parent is None and self._nullable:
            return
        raise ValueError(f"{self._path}: missing, its parent is {type_name(parent)}, not an object")
