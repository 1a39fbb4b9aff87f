"""The kind of a type, by its text in a table's file or its name in PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable

from contract.table.kinds.array import BRACKETS, JSONB, Array
from contract.table.kinds.boolean import Boolean
from contract.table.kinds.bytea import Bytea
from contract.table.kinds.date import Date
from contract.table.kinds.enum import Enum
from contract.table.kinds.error import KindError
from contract.table.kinds.float import Float4, Float8
from contract.table.kinds.inet import Inet
from contract.table.kinds.integer import Int2, Int4, Int8
from contract.table.kinds.interval import Interval
from contract.table.kinds.json import Json
from contract.table.kinds.kind import Kind
from contract.table.kinds.microseconds import Microseconds
from contract.table.kinds.numeric import Numeric
from contract.table.kinds.text import Text
from contract.table.kinds.time import Time
from contract.table.kinds.timestamp import Timestamp
from contract.table.kinds.timestamptz import Timestamptz
from contract.table.kinds.uuid import Uuid

PARSERS: tuple[Callable[[str], Kind | None], ...] = (
    Boolean.parse,
    Int2.parse,
    Int4.parse,
    Int8.parse,
    Float4.parse,
    Float8.parse,
    Numeric.parse,
    Text.parse,
    Uuid.parse,
    Date.parse,
    Time.parse,
    Timestamp.parse,
    Timestamptz.parse,
    Microseconds.parse,
    Interval.parse,
    Bytea.parse,
    Json.parse,
    Enum.parse,
    Inet.parse,
)
# Types that no kind carries, by their name without (…), and what the file may say instead.
_CHOICES = {
    "time with time zone": ("time", "timestamptz(3)"),
    "timetz": ("time", "timestamptz(3)"),
    "money": ("numeric(p, s)",),
    "xml": ("text",),
    "bpchar": ("char(n)", "text"),
    "bit": ("bytea", "text"),
    "bit varying": ("bytea", "text"),
}


def parse(spec: str) -> Kind:
    """The kind of varchar(255) or character varying(255), of timestamptz as bigint, of integer[].
    Raises KindError."""
    if spec.endswith(BRACKETS):
        return _array(spec)
    for parser in PARSERS:
        if kind := parser(spec):
            return kind
    plain = re.sub(r"\([^)]*\)", "", spec)
    raise KindError(spec, "no kind carries this type", *_CHOICES.get(plain, ()))


def _array(spec: str) -> Array:
    try:
        element = parse(spec.removesuffix(BRACKETS))
    except KindError as error:
        options = [option + BRACKETS for option in error.options if " as " not in option]
        raise KindError(spec, error.reason, *options, JSONB) from error
    return Array.of(element, spec)
