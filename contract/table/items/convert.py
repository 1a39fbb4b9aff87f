"""How the values of JSON are converted for a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract.table.items import intervals, json_values, numbers, texts, times
from contract.table.json_path import type_name
from contract.table.kinds.array import Array
from contract.table.kinds.boolean import Boolean
from contract.table.kinds.bytea import Bytea
from contract.table.kinds.date import Date
from contract.table.kinds.float import Float
from contract.table.kinds.integer import Int8, Integer
from contract.table.kinds.interval import Interval
from contract.table.kinds.json import Json
from contract.table.kinds.kind import Kind
from contract.table.kinds.microseconds import Microseconds
from contract.table.kinds.numeric import Numeric
from contract.table.kinds.time import Time
from contract.table.kinds.timestamp import Timestamp
from contract.table.kinds.timestamptz import Timestamptz
from contract.table.kinds.uuid import Uuid

# Takes a value that is not null. Raises ValueError with the cause, which does not show the value.
Convert = Callable[[Any], Any]

_BY_KIND: tuple[tuple[type[Kind], Convert], ...] = (
    (Boolean, numbers.boolean),
    (Int8, numbers.big_integer),
    (Integer, numbers.integer),
    (Float, numbers.floating),
    (Numeric, numbers.decimal),
    (Uuid, texts.uuid),
    (Bytea, texts.binary),
    (Date, times.date),
    (Interval, intervals.interval),
)


def converter(kind: Kind) -> Convert:
    """The conversion for a kind. Text, and every type that is written as text, takes text or an
    integer. Kind.cause() then checks the domain."""
    if isinstance(kind, Array):
        return _array(converter(kind.element))
    if isinstance(kind, Time):
        return times.Time(kind.precision)
    if isinstance(kind, Timestamp):
        return times.Timestamp(kind.precision)
    if isinstance(kind, Timestamptz):
        return times.Timestamptz(kind.precision)
    if isinstance(kind, Microseconds):
        return (times.Timestamptz if kind.zoned else times.Timestamp)(kind.precision)
    if isinstance(kind, Json):
        return json_values.jsonb if kind.name == "jsonb" else json_values.json_text
    return next((convert for cls, convert in _BY_KIND if isinstance(kind, cls)), texts.text)


def _array(element: Convert) -> Convert:
    """A list of values, which may be null."""

    def convert(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(f"is {type_name(value)}, not a list")
        return [None if item is None else element(item) for item in value]

    return convert
