"""Texts in which kinds are written for PostgreSQL, and read from people."""

from __future__ import annotations

from typing import Any

import pytest

from contract.table.kinds.parse import parse

# spec, canonical form → text that PostgreSQL reads as the type
POSTGRES: list[tuple[str, Any, str]] = [
    ("bool", True, "true"),
    ("int4", -5, "-5"),
    ("date", "2026-01-31", "2026-01-31"),
    ("timestamptz(3)", -1, "1969-12-31T23:59:59.999000+00:00"),
    ("timestamp(3)", -1, "1969-12-31T23:59:59.999000"),
    ("timestamptz as bigint", -1, "1969-12-31T23:59:59.999999Z"),
    ("timestamp as bigint", -1, "1969-12-31T23:59:59.999999"),
    ("timestamp as text", "1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999"),
    ("bytea", "\\x00ff", "\\x00ff"),
    ("bool[]", "[true,null]", '{"true",NULL}'),
    ("text[]", r'["a\"b\\c",null,""]', r'{"a\"b\\c",NULL,""}'),
    ("int4[]", "[]", "{}"),
]


@pytest.mark.parametrize(("spec", "canonical", "text"), POSTGRES)
def test_text_for_postgres(spec: str, canonical: Any, text: str) -> None:
    assert parse(spec).postgres_text(canonical) == text


# values of another kind than the column's
OTHERS: list[tuple[str, Any]] = [
    ("bool", 1),
    ("bool", "True"),
    ("int4", "1.5"),
    ("numeric", "1,5"),
    ("numeric", 1.5),
    ("time", "4:05"),
    ("interval", "1 day"),
    ("bytea", "00ff"),
    ("bytea", "\\xzz"),
    ("json", {"a": 1}),
    ("int4[]", "{1}"),
    ("int4[]", '{"a": 1}'),
]


@pytest.mark.parametrize(("spec", "value"), OTHERS)
def test_a_value_of_another_kind_has_no_canonical_form(spec: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        parse(spec).canonical(value)


# how each kind is selected where the column's name alone would not do
READ = {
    "uuid": '"c"::text',
    "date": '"c"::text',
    "jsonb": '"c"::text',
    "int4[]": 'array_to_json("c")::text',
    "int4": '"c"',
    "inet": '"c"',
    "interval": (
        "('P' || extract(year FROM \"c\")::bigint || 'Y'"
        " || extract(month FROM \"c\")::bigint || 'M'"
        " || extract(day FROM \"c\")::bigint || 'DT'"
        " || extract(hour FROM \"c\")::bigint || 'H'"
        " || extract(minute FROM \"c\")::int || 'M'"
        " || extract(second FROM \"c\") || 'S')"
    ),
}


@pytest.mark.parametrize("spec", READ)
def test_select(spec: str) -> None:
    assert parse(spec).read_postgres('"c"') == READ[spec]
