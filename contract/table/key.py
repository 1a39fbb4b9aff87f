"""A row's key as one text, by which commands, pages and logs name the row."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from contract.table.kinds.kind import Canonical
from contract.table.table import Table


def key_text(table: Table, values: Sequence[Any]) -> str:
    """The values of the key's columns, in their order, as text: the canonical value of a key of one
    column, otherwise a JSON array of the canonical values."""
    forms = [column.kind.canonical(value) for column, value in zip(table.key, values, strict=True)]
    if len(forms) > 1:
        return _json(forms)
    return forms[0] if isinstance(forms[0], str) else _json(forms[0])


@lru_cache(maxsize=256)
def key_reader(table: Table) -> Callable[[Sequence[Any]], str]:
    """A function that returns the key of a row. The row has the columns in their order."""
    places = [table.names.index(column.name) for column in table.key]
    return lambda row: key_text(table, [row[place] for place in places])


def row_key(table: Table, row: Mapping[str, Any]) -> str:
    """The key of a row that is given as column → value."""
    return key_text(table, [row[column.name] for column in table.key])


def parse_key(table: Table, text: str) -> tuple[Canonical, ...]:
    """The canonical values in a key's text. Raises ValueError, which says what is expected."""
    if len(table.key) == 1:
        values: Sequence[Any] = [text]
    else:
        try:
            values = json.loads(text)
        except ValueError:
            values = []
        if not isinstance(values, list) or len(values) != len(table.key):
            names = ", ".join(column.name for column in table.key)
            raise ValueError(f"the key is a JSON array with the values of {names}")
    result = []
    for column, value in zip(table.key, values, strict=True):
        try:
            if not isinstance(value, str | int):
                raise TypeError("a key has no such values")
            result.append(column.kind.canonical(column.kind.bind(value)))
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"{column.name} is not a value of {column.kind.postgres}") from None
    return tuple(result)


def _json(values: Canonical | Sequence[Canonical]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
