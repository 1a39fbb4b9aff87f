"""A row's key as one text."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.table.column import Column
from contract.table.key import key_text, parse_key, row_key
from contract.table.kinds.parse import parse
from contract.table.table import Table

ID = "b25124b3-cd58-477d-8365-6a42f620507e"


def table(*specs: str) -> Table:
    columns = tuple(Column(f"c{number}", parse(spec)) for number, spec in enumerate(specs))
    names = [column.name for column in columns]
    return Table("t", columns, (names[0],), tuple(names[1:]))


# specs of the key's columns, values of a row, its key
KEYS: list[tuple[tuple[str, ...], list[Any], str]] = [
    (("uuid",), [UUID(ID)], ID),
    (("uuid",), [ID.upper()], ID),
    (("text",), ["a,b"], "a,b"),
    (("text",), ["[1]"], "[1]"),
    (("int8",), [-5], "-5"),
    (("bool",), [True], "true"),
    (("date",), [date(2026, 1, 31)], "2026-01-31"),
    (("numeric(5,2)",), ["1.5"], "1.50"),
    (("char(3)",), ["a"], "a  "),
    (("timestamptz(3)",), ["1970-01-01T00:00:01Z"], "1000"),
    (("uuid", "int4"), [ID, 7], f'["{ID}",7]'),
    (("text", "bool", "time"), ["ß\"", False, "04:05:06"], '["ß\\"",false,"04:05:06"]'),
]  # fmt: skip


@pytest.mark.parametrize(("specs", "values", "text"), KEYS)
def test_text(specs: tuple[str, ...], values: list[Any], text: str) -> None:
    keyed = table(*specs)
    assert key_text(keyed, values) == text
    assert row_key(keyed, {"z": 1} | dict(zip(keyed.names, values))) == text
    assert key_text(keyed, parse_key(keyed, text)) == text


VALUES = {
    "uuid": st.uuids(),
    "text": st.text(),
    "char(9)": st.text(max_size=9),
    "int2": st.integers(-(2**15), 2**15 - 1),
    "int8": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "numeric(20,5)": st.decimals(places=5, min_value=-(10**14), max_value=10**14),
    "date": st.dates(date(1582, 10, 15)),
    "time": st.times(),
    "timestamp(3)": st.integers(-(10**12), 10**12),
    "timestamptz(3)": st.datetimes(),
    "timestamptz as text": st.datetimes(),
    "timestamp as bigint": st.integers(-(10**15), 10**15),
    "enum(public.mood)": st.sampled_from(["sad", "très bien"]),
    "inet": st.ip_addresses().map(str),
}


@given(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4).flatmap(
    lambda specs: st.tuples(st.just(specs), st.tuples(*(VALUES[spec] for spec in specs)))
))  # fmt: skip
def test_a_key_is_found_again_by_its_text(case: tuple[list[str], tuple[Any, ...]]) -> None:
    specs, values = case
    keyed = table(*specs)
    forms = tuple(c.kind.canonical(value) for c, value in zip(keyed.key, values, strict=True))
    assert parse_key(keyed, key_text(keyed, values)) == forms


WRONG = [
    (("uuid",), "x", "c0 is not a value of uuid"),
    (("int4",), "1.5", "c0 is not a value of int4"),
    (("bool",), "True", "c0 is not a value of bool"),
    (("date",), "2026-02-30", "c0 is not a value of date"),
    (("inet",), "localhost", "c0 is not a value of inet"),
    (("numeric(5,2)",), "one", "c0 is not a value of numeric(5,2)"),
    (("uuid", "int4"), ID, "the key is a JSON array with the values of c0, c1"),
    (("uuid", "int4"), f'["{ID}"]', "the key is a JSON array with the values of c0, c1"),
    (("uuid", "int4"), '{"c0": 1, "c1": 2}', "the key is a JSON array with the values of c0, c1"),
    (("uuid", "int4"), f'["{ID}","x"]', "c1 is not a value of int4"),
    (("uuid", "int4"), f'["{ID}",null]', "c1 is not a value of int4"),
    (("text", "int4"), "[null,1]", "c0 is not a value of text"),
]


@pytest.mark.parametrize(("specs", "text", "cause"), WRONG)
def test_a_text_that_is_not_a_key(specs: tuple[str, ...], text: str, cause: str) -> None:
    with pytest.raises(ValueError) as raised:
        parse_key(table(*specs), text)
    assert str(raised.value) == cause
