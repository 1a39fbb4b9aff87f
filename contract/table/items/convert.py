"""How the values of JSON are converted for a column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from contract.table.items import documents, numbers, texts, times
from contract.table.json_path import type_name
from contract.table.kinds.kind import Kind
from contract.table.kinds.parse import parse

# Takes a value that is not null. Raises ValueError with the cause, which does not show the value.
Convert = Callable[[Any], Any]

_TYPE = re.compile(r"[a-z0-9]+")
_ARRAY = "[]"

_BY_TYPE: Mapping[str, Callable[[Kind], Convert]] = {
    "bool": lambda kind: numbers.boolean,
    "int2": lambda kind: numbers.integer,
    "int4": lambda kind: numbers.integer,
    "int8": lambda kind: numbers.big_integer,
    "float4": lambda kind: numbers.floating,
    "float8": lambda kind: numbers.floating,
    "numeric": lambda kind: numbers.decimal,
    "uuid": lambda kind: texts.uuid,
    "bytea": lambda kind: texts.binary,
    "date": lambda kind: times.date,
    "time": lambda kind: times.Time(_precision(kind)),
    "timestamp": lambda kind: times.Timestamp(_precision(kind)),
    "timestamptz": lambda kind: times.Timestamptz(_precision(kind)),
    "json": lambda kind: documents.document,
    "jsonb": lambda kind: documents.document,
}


def converter(kind: Kind) -> Convert:
    """The conversion for a kind. Text, and every type that is written as text, takes text or an
    integer."""
    name = kind.postgres
    if name.endswith(_ARRAY):
        return _Array(parse(name.removesuffix(_ARRAY)))
    match = _TYPE.match(name)
    make = _BY_TYPE.get(match[0]) if match else None
    return make(kind) if make else texts.text


class _Array:
    """A list of values, which may be null."""

    def __init__(self, element: Kind) -> None:
        self._element = element
        self._convert = converter(element)

    def __call__(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(f"is {type_name(value)}, not a list")
        return [None if item is None else self._item(item) for item in value]

    def _item(self, item: Any) -> Any:
        stored = self._convert(item)
        if outside := self._element.cause(stored):
            raise ValueError(f"an item of the list: {outside}")
        return stored


def _precision(kind: Kind) -> int:
    """The digits of a second that the type keeps."""
    precision: int = getattr(kind, "precision", 6)
    return precision
