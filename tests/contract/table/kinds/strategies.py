"""Values of each kind, as texts that psql would take: edge values and any others."""

from __future__ import annotations

import json
import string
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from ipaddress import ip_network
from typing import Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract.table.kinds.array import Array
from contract.table.kinds.boolean import Boolean
from contract.table.kinds.bytea import Bytea
from contract.table.kinds.date import Date
from contract.table.kinds.enum import Enum
from contract.table.kinds.float import Float4, Float8
from contract.table.kinds.inet import Inet
from contract.table.kinds.integer import Integer
from contract.table.kinds.interval import Interval
from contract.table.kinds.json import Json
from contract.table.kinds.kind import Kind
from contract.table.kinds.microseconds import Microseconds
from contract.table.kinds.numeric import Numeric
from contract.table.kinds.text import PLACEHOLDER, Text
from contract.table.kinds.time import Time
from contract.table.kinds.timestamp import Timestamp
from contract.table.kinds.timestamptz import Timestamptz
from contract.table.kinds.uuid import Uuid

# A type with these labels must exist where values of an enum are stored.
LABELS = ("sad", "ok", "très bien", 'it\'s "x", {y}\\')
# PostgreSQL's values are kept apart, and perhaps not logged, from about 2,000 bytes on.
LARGE = 20_000

_FIRST, _LAST = datetime(1582, 10, 15), datetime(9999, 12, 31, 23, 59, 59, 999000)
_OUTSIDE_PERIOD = ["1582-10-14", "0001-01-01", "10000-01-01", "0044-03-15 BC", "infinity"]
_TEXT_EDGES = ("", " ", "'", '"', "\\", "\n", "a b ", "{}", "NULL", "null", "ß", "زهرا", "👩‍🚀")

# Every character that PostgreSQL's text can hold.
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


def inside(kind: Kind) -> SearchStrategy[str]:
    """Values that every store can hold."""
    match kind:
        case Boolean():
            return st.sampled_from(["true", "false"])
        case Integer():
            edges = (kind.smallest, kind.largest, 0, -1)
            return _or_edges(st.integers(kind.smallest, kind.largest).map(str), *map(str, edges))
        case Float4():
            return _floats(32, "-0.0", "1.4e-45", "-3.4028235e38", "0.1", "16777217")
        case Float8():
            return _floats(64, "-0.0", "5e-324", "1.7976931348623157e308", "0.1", "1e23")
        case Numeric():
            return _numbers(kind)
        case Text():
            return _texts(kind)
        case Uuid():
            return st.uuids().map(str)
        case Date():
            return _or_edges(
                st.dates(_FIRST.date(), _LAST.date()).map(str), "1582-10-15", "9999-12-31"
            )
        case Time():
            return _or_edges(_times(kind.precision), "00:00:00", "23:59:59.999")
        case Timestamp() | Timestamptz() | Microseconds():
            return _moments(kind)
        case Interval():
            return _or_edges(_intervals(), "0", "-00:00:00.000001", "1 mon -1 day 00:00:01.5")
        case Bytea():
            large = st.just("\\x" + "00ff" * LARGE)
            return st.binary(max_size=100).map(lambda value: "\\x" + value.hex()) | large
        case Json():
            return _json(kind)
        case Enum():
            return st.sampled_from(LABELS)
        case Inet():
            return _addresses(kind)
        case Array():
            return _arrays(kind)
        case _:
            raise NotImplementedError(kind)


def outside(kind: Kind) -> list[str]:
    """Values that PostgreSQL's type or a check refuses."""
    match kind:
        case Boolean() | Uuid() | Inet():
            return ["x"]
        case Enum():
            return ["unknown"]
        case Integer():
            return [str(kind.smallest - 1), str(kind.largest + 1), "1.5x"]
        case Float4() | Float8():
            return ["NaN", "Infinity", "-Infinity", "1e400"]
        case Numeric(precision=None):
            return ["NaN", "Infinity", "-Infinity", "1e1000", "1e-1001"]
        case Numeric():
            return ["NaN", "Infinity", f"1e{kind.precision}"]
        case Text():
            long = ["x" * (kind.max_length + 1)] if kind.max_length else []
            fits = kind.max_length is None or kind.max_length >= len(PLACEHOLDER)
            return [*long, *([PLACEHOLDER] if fits and not kind.padded else [])]
        case Date() | Timestamp() | Timestamptz() | Microseconds():
            return [*_OUTSIDE_PERIOD, "-infinity"]
        case Time():
            return ["24:00:00", "24:00:01"]
        case Interval():
            return ["2147483648 hours", "-2147483648 hours"]
        case Bytea():
            return ["\\x" + PLACEHOLDER.encode().hex()]
        case Json():
            return ["{", PLACEHOLDER]
        case Array():
            return _arrays_outside(kind)
        case _:
            raise NotImplementedError(kind)


def _or_edges(values: SearchStrategy[str], *edges: str) -> SearchStrategy[str]:
    return st.sampled_from(edges) | values


def _floats(width: Literal[32, 64], *edges: str) -> SearchStrategy[str]:
    values = st.floats(allow_nan=False, allow_infinity=False, width=width).map(repr)
    return _or_edges(values, *edges)


def _numbers(kind: Numeric) -> SearchStrategy[str]:
    if kind.precision is None:
        digits = st.text(string.digits, min_size=1, max_size=60)
        values = st.builds("{}{}.{}".format, st.sampled_from(["", "-"]), digits, digits)
        return _or_edges(values, "0", "0.00", "1.10", "100", "9" * 1000, "-0." + "0" * 999 + "1")
    largest = 10**kind.precision - 1
    edges = (0, 1, -1, largest, -largest)
    unscaled = st.integers(-largest, largest) | st.sampled_from(edges)
    return unscaled.map(lambda digits: f"{digits}e-{kind.scale}")


def _texts(kind: Text) -> SearchStrategy[str]:
    longest = kind.max_length if kind.max_length is not None else 200
    values = st.text(_CHARACTERS, max_size=min(longest, 200)).filter(
        lambda text: text != PLACEHOLDER
    )
    edges = [text for text in _TEXT_EDGES if len(text) <= longest]
    edges.append("👩" * min(longest, 255))
    if kind.max_length is None:
        edges.append("ä" * LARGE)
    return _or_edges(values, *edges)


def _times(precision: int) -> SearchStrategy[str]:
    unit = 10 ** (6 - precision)
    count = 86_400_000_000 // unit
    moments = st.integers(0, count - 1).map(lambda n: _FIRST + timedelta(microseconds=n * unit))
    return moments.map(lambda moment: moment.time().isoformat())


def _moments(kind: Timestamp | Timestamptz | Microseconds) -> SearchStrategy[str]:
    """Of the precision that the column has: PostgreSQL would round others."""
    unit = 10 ** (6 - kind.precision)
    last = datetime.max if isinstance(kind, Microseconds) else _LAST
    count = (last - _FIRST) // timedelta(microseconds=unit)
    edges = [_FIRST, _FIRST + count * timedelta(microseconds=unit), datetime(1970, 1, 1)]
    values = st.integers(0, count).map(lambda n: _FIRST + n * timedelta(microseconds=unit))
    moments = st.sampled_from(edges) | values
    if isinstance(kind, Timestamp) or (isinstance(kind, Microseconds) and not kind.zoned):
        return moments.map(datetime.isoformat)
    return moments.map(lambda moment: moment.replace(tzinfo=timezone.utc).isoformat())


def _intervals() -> SearchStrategy[str]:
    months = st.integers(-(10**6), 10**6)
    days = st.integers(-(10**6), 10**6)
    micros = st.integers(-(2**31 - 1) * 3_600_000_000, (2**31 - 1) * 3_600_000_000)
    return st.builds("{} months {} days {} microseconds".format, months, days, micros)


def _json(kind: Json) -> SearchStrategy[str]:
    texts = st.text(_CHARACTERS, max_size=20)
    scalars = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | texts
    values = st.recursive(
        scalars,
        lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(texts, deeper, max_size=3),
        max_leaves=10,
    ).map(lambda value: json.dumps(value, ensure_ascii=False))
    edges = [
        "null",
        "{}",
        '"\\u00e9"',
        "1.10",
        ' {"b": 1, "a": 2, "a": 3} ',
        '"' + "x" * LARGE + '"',
    ]
    return _or_edges(values, *edges)


def _addresses(kind: Inet) -> SearchStrategy[str]:
    plain = st.ip_addresses().map(str)
    networks = st.builds(
        lambda address, bits: str(ip_network((address, bits % (address.max_prefixlen + 1)), False)),
        st.ip_addresses(),
        st.integers(0, 128),
    )
    if kind.name == "cidr":
        return _or_edges(networks, "0.0.0.0/0", "10.0.0.0/8", "::/0")
    edges = ("127.0.0.1", "10.0.0.1/8", "10.0.0.1/32", "::ffff:1.2.3.4", "fe80::1/64")
    return _or_edges(plain | networks, *edges)


def _arrays(kind: Array) -> SearchStrategy[str]:
    if isinstance(kind.element, Enum):
        return _or_edges(st.lists(inside(kind.element), max_size=4).map(array_text), "{}")
    items = st.none() | inside(kind.element)
    return _or_edges(st.lists(items, max_size=4).map(array_text), "{}", "{NULL}", "{NULL,NULL}")


def _arrays_outside(kind: Array) -> list[str]:
    item = array_text([kind.element.postgres_text(_example(kind.element))])
    others = [array_text([text]) for text in outside(kind.element)]
    nulls = ["{NULL}"] if isinstance(kind.element, Enum) else []
    return [f"{{{item}}}", f"[2:2]={item}", *others, *nulls]


def array_text(items: Sequence[str | None]) -> str:
    """PostgreSQL's form of an array: {"1",NULL}."""

    def quoted(item: str) -> str:
        return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'

    return "{" + ",".join("NULL" if item is None else quoted(item) for item in items) + "}"


def _example(kind: Kind) -> object:
    """A canonical form of the kind."""
    examples: dict[type, object] = {
        Boolean: True,
        Uuid: "00000000-0000-0000-0000-000000000000",
        Date: "2026-01-31",
        Time: "04:05:06",
        Timestamp: 0,
        Timestamptz: 0,
        Enum: LABELS[0],
        Inet: "10.0.0.0",
        Text: "x",
    }
    return examples.get(type(kind), 1)
