"""Items of a source become rows, or have a reason that shows no value."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from contract.table import file
from contract.table.item import row
from contract.table.rejected_item import rejected_item
from tests.contract.table.things import USERS, table

Person = dict[str, Any]


def value(spec: str, given: Any) -> Any:
    return row(table(f'"größe" = "{spec}"'), {"id": 1, "größe": given})[1]


def put(person: Person, path: str, value: Any) -> Person:
    *parents, name = path.split(".")
    target = person
    for parent in parents:
        target = target[parent]
    target[name] = value
    return person


def test_every_real_person_has_a_row(people: list[Person]) -> None:
    rows = [row(USERS, person) for person in people]
    assert len(rows) == 500
    assert len({values[0] for values in rows}) == 500
    assert {type(person["location"]["postcode"]) for person in people} == {int, str}
    id_value = USERS.names.index("id_value")
    assert {values[id_value] is None for values in rows} == {True, False}
    types = {"uuid": str, "varchar(255)": str, "int4": int, "float8": float}
    for values in rows:
        for column, value in zip(USERS.columns, values, strict=True):
            expected = types.get(column.kind.postgres, datetime)
            assert type(value) is expected or (value is None and column.nullable)


def test_a_person(person: Person) -> None:
    values = dict(zip(USERS.names, row(USERS, person), strict=True))
    assert values["id"] == "b25124b3-cd58-477d-8365-6a42f620507e"
    assert values["postcode"] == "28136"
    assert (values["latitude"], values["longitude"]) == (3.1635, -48.4445)
    assert values["date_of_birth"] == datetime(1983, 2, 18, 19, 45, 6, 219000, timezone.utc)
    assert values["date_of_birth"].tzinfo is timezone.utc
    assert values["nat"] == "IE"


@pytest.mark.parametrize(
    ("spec", "given", "stored"),
    [
        ("uuid", "B25124B3-CD58-477D-8365-6A42F620507E", "b25124b3-cd58-477d-8365-6a42f620507e"),
        ("varchar(9)", "SB2 7ZS", "SB2 7ZS"),
        ("varchar(9)", 0, "0"),
        ("text", 1 - 10**18, "-" + "9" * 18),
        ("text", "زهرا 👩‍🚀", "زهرا 👩‍🚀"),
        ("text", "", ""),
        ("text null", None, None),
        ("bool", False, False),
        ("int2", -32768, -32768),
        ("int8", 2**63 - 1, 2**63 - 1),
        ("int8", "9007199254740993", 9007199254740993),
        ("float8", 12, 12.0),
        ("float8", "-48.4445", -48.4445),
        ("float8", Decimal("1E-3"), 0.001),
        ("float4", Decimal("0.1"), 0.1),
        ("numeric(20,10)", Decimal("1234567890.0123456789"), Decimal("1234567890.0123456789")),
        ("numeric(5,2)", "-1.10", Decimal("-1.10")),
        ("numeric", 10**30, Decimal(10**30)),
        ("date", "2000-02-29", "2000-02-29"),
        ("time", "12:30", "12:30:00"),
        ("time(3)", "12:30:01.9999", "12:30:01.999000"),
        ("timestamp(3)", "2000-02-29T23:59:59.9999", datetime(2000, 2, 29, 23, 59, 59, 999000)),
        ("timestamp(0)", "2000-02-29 23:59:59.9", datetime(2000, 2, 29, 23, 59, 59)),
        ("timestamptz(3)", "2000-02-29T23:59:59.9999Z", "2000-02-29T23:59:59.999+00:00"),
        ("timestamptz(3)", "2000-01-01T00:00:00+02:00", "1999-12-31T22:00:00+00:00"),
        (
            "timestamptz as bigint",
            "2000-01-01T00:00:00.1234567Z",
            "2000-01-01T00:00:00.123456+00:00",
        ),
        ("interval", "P1Y2W3DT4H5M6.5S", "P1Y0M17DT4H5M6.5S"),
        ("interval", "-PT90M", "P-0Y-0M-0DT-0H-90M-0.0S"),
        ("bytea", "/+8A", b"\xff\xef\x00"),
        ("bytea", "_-8A", b"\xff\xef\x00"),
        ("jsonb", {"aa": [1, None], "b": "é\n"}, '{"b": "é\\n", "aa": [1, null]}'),
        ("jsonb", Decimal("1E+2"), "100"),
        ("jsonb", Decimal("-0.0"), "0.0"),
        ("json", {"bb": Decimal("1.10"), "a": True}, '{"bb":1.10,"a":true}'),
        ("inet", "10.0.0.1", "10.0.0.1"),
        ("int4[]", [1, None, -1], [1, None, -1]),
        ("varchar(3)[] null", [], []),
        ("enum(public.mood)", "sad", "sad"),
    ],
)
def test_accepted(spec: str, given: Any, stored: Any) -> None:
    if isinstance(stored, str) and spec.startswith("timestamptz"):
        stored = datetime.fromisoformat(stored)
    result = value(spec, given)
    assert result == stored
    assert type(result) is type(stored)


# The stores compare canonical forms, so each value must have one.
@pytest.mark.parametrize(
    ("spec", "given", "canonical"),
    [
        ("interval", "PT90M", "P0Y0M0DT1H30M0.000000S"),
        ("bytea", "/+8A", "\\xffef00"),
        ("time(3)", "12:30:01.5", "12:30:01.5"),
        ("timestamp(3)", "1970-01-01T00:00:01.5", 1500),
        ("timestamptz as bigint", "1970-01-01T00:00:01.000001Z", 1000001),
        ("timestamptz(3)[]", ["1970-01-01T00:00:01Z", None], "[1000,null]"),
        ("numeric(6,3)", Decimal("1.5"), "1.500"),
        ("bool", True, True),
    ],
)
def test_a_value_has_the_canonical_form_of_its_kind(spec: str, given: Any, canonical: Any) -> None:
    kind = table(f'x = "{spec}"').column("x").kind
    assert kind.canonical(value(spec, given)) == canonical


@pytest.mark.parametrize(
    ("spec", "given", "cause"),
    [
        ("text", None, "missing"),
        ("text", [1], "is a list, not text or an integer"),
        ("text", Decimal("1.5"), "is a fraction, not text or an integer"),
        ("text", True, "is a boolean, not text or an integer"),
        ("text", 10**18, "is an integer of more than 18 digits, not text"),
        ("text", 10**400, "is an integer of more than 18 digits, not text"),
        ("text", "a\0", "holds a NUL character or half a surrogate pair"),
        ("text", "\ud83d", "holds a NUL character or half a surrogate pair"),
        ("varchar(255)", "x" * 256, "longer than 255 characters"),
        ("uuid", "b25124b3cd58477d83656a42f620507e", "not a UUID"),
        ("uuid", 7, "is an integer, not text"),
        ("bool", 1, "is an integer, not a boolean"),
        ("int4", True, "is a boolean, not an integer"),
        ("int4", "12", "is text, not an integer"),
        ("int4", 2**31, "does not fit 32 bits"),
        ("int2", -32769, "does not fit 16 bits"),
        ("int8", "12.5", "is text, not an integer"),
        ("int8", "9223372036854775808", "does not fit 64 bits"),
        ("float8", "north", "is text, not a finite decimal number"),
        ("float8", "1_0", "is text, not a finite decimal number"),
        ("float8", float("nan"), "is a fraction, not a finite decimal number"),
        ("float8", Decimal("1E400"), "is a fraction, not a finite decimal number"),
        ("float8", 10**400, "is an integer, not a finite decimal number"),
        ("numeric(5,2)", Decimal("1.234"), r"does not fit numeric\(5,2\)"),
        ("numeric(5,2)", 1000, r"does not fit numeric\(5,2\)"),
        ("numeric", float("nan"), "is a fraction, not a decimal number"),
        ("numeric", "1e3", "is text, not a decimal number"),
        ("date", "18.02.1983", "is text, not an ISO 8601 date"),
        ("date", "1983-02-30", "no such date"),
        ("time", "12:30Z", "is text, not an ISO 8601 time without a time zone"),
        ("time", "24:00:00", "no such time"),
        ("timestamp(3)", "1983-02-18T00:00:00Z", "is text, not .* without a time zone"),
        ("timestamp(3)", "1983-02-30T00:00:00", "no such date"),
        ("timestamptz(3)", "1983-02-18", "is text, not an ISO 8601 instant with its time zone"),
        ("timestamptz(3)", "1983-02-18T19:45:06", "is text, not .* with its time zone"),
        ("timestamptz(3)", "1983-02-30T19:45:06Z", "no such date"),
        ("timestamptz(3)", "0001-01-01T00:00:00+10:00", "no such date"),
        ("timestamptz(3)", "0001-01-01T00:00:00Z", "not a (point in time|timestamp) from .*"),
        ("timestamptz(3)", 1176019045094, "is an integer, not .* with its time zone"),
        ("interval", "P", "is text, not an ISO 8601 duration"),
        ("interval", "1 day", "is text, not an ISO 8601 duration"),
        ("bytea", "abc", "not base64"),
        ("bytea", [1], "is a list, not text in base64"),
        ("jsonb", float("inf"), "holds a number that is not finite"),
        ("jsonb", {"a": "\0"}, None),
        ("inet", "10.0.0.256", "not an address"),
        ("int4[]", 1, "is an integer, not a list"),
        ("int4[]", [[1]], "is a list, not an integer"),
        ("int4[]", [2**31], "an element: does not fit 32 bits"),
    ],
)
def test_rejected(spec: str, given: Any, cause: str | None) -> None:
    if cause is None:  # PostgreSQL refuses it
        assert "\\u0000" in value(spec, given)
        return
    with pytest.raises(ValueError, match=f"^größe: {cause}$"):
        value(spec, given)


def test_a_json_of_many_levels_is_rejected() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match=r"^größe: has too many levels$"):
        value("jsonb", deep)


@pytest.mark.parametrize(
    ("path", "value", "cause"),
    [
        ("location", [], "missing, its parent is a list, not an object"),
        ("location", None, "missing, its parent is null, not an object"),
        ("login.uuid", None, "missing"),
    ],
)
def test_a_missing_parent_is_named(person: Person, path: str, value: Any, cause: str) -> None:
    with pytest.raises(ValueError, match=rf"^{path}[\w.]*: {cause}$"):
        row(USERS, put(person, path, value))


def test_a_null_above_a_nullable_column_is_null(person: Person) -> None:
    values = dict(zip(USERS.names, row(USERS, put(person, "id", None)), strict=True))
    assert (values["id_name"], values["id_value"]) == (None, None)


@pytest.mark.parametrize("item", [None, [], "x", 1, {}])
def test_a_value_that_is_not_a_person_is_rejected(item: Any) -> None:
    with pytest.raises(ValueError, match=r"^login\.uuid: missing"):
        row(USERS, item)


def test_a_key_that_cassandra_refuses_is_rejected() -> None:
    texts = file.read("texts", 'key = ["id"]\n[columns]\nid = "text"\n')
    with pytest.raises(ValueError, match=r"^id: empty, which Cassandra refuses as a key$"):
        row(texts, {"id": ""})


def test_a_generated_column_has_no_value() -> None:
    generated = table('twice = "int4 generated"', 'name = "text"')
    assert row(generated, {"id": 1, "twice": 2, "name": "a"}) == (1, "a")


ODD: list[Any] = [
    None, True, 0, -1, 2**70, 1e400, Decimal("1E+99"), "", "x", "x" * 300, "\0", [], [[]], {},
    {"date": {}},
]  # fmt: skip


def test_any_odd_value_gives_a_row_or_a_reason(person: Person) -> None:
    paths = {column.source_path for column in USERS.columns}
    paths |= {path.rpartition(".")[0] for path in paths} - {""}
    for path in paths:
        for odd in ODD:
            changed = put(json.loads(json.dumps(person)), path, odd)
            try:
                row(USERS, changed)
            except ValueError as error:
                assert str(error).startswith(path)
                assert "SECRET" not in str(error)
            json.dumps(rejected_item(USERS, changed), allow_nan=False).encode()
