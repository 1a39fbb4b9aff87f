"""What a value outside a kind's domain is told, and what refuses it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contract.table.column import Column
from contract.table.kinds.parse import parse
from contract.table.table import Table

PLACEHOLDER = "__debezium_unavailable_value"
PERIOD = "1582-10-15 to 9999-12-31"
UNKNOWN = f"{PLACEHOLDER} stands for a value that is not known"
OUTSIDE: list[tuple[str, Any, str]] = [
    ("int2", 2**15, "does not fit 16 bits"),
    ("int4", -(2**31) - 1, "does not fit 32 bits"),
    ("int8", 2**63, "does not fit 64 bits"),
    ("float4", float("inf"), "not a finite number"),
    ("float8", float("nan"), "not a finite number"),
    ("numeric", Decimal("NaN"), "not a finite number"),
    ("numeric", "-Infinity", "not a finite number"),
    ("numeric", Decimal("1e1000"), "does not fit numeric"),
    ("numeric", Decimal("1e-1001"), "does not fit numeric"),
    ("numeric(10,2)", Decimal("100000000"), "does not fit numeric(10,2)"),
    ("numeric(10,2)", "0.001", "does not fit numeric(10,2)"),
    ("numeric(10,2)", "x", "not a number of up to 1000 digits"),
    ("numeric(10,2)", 0.5, "not a number of up to 1000 digits"),
    ("text", "a\0", "holds a NUL character or half a surrogate pair"),
    ("text", PLACEHOLDER, UNKNOWN),
    ("varchar(3)", "abcd", "longer than 3 characters"),
    ("char(3)", "abcd", "longer than 3 characters"),
    ("uuid", "x", "not a UUID"),
    ("bool", "true", "not a boolean"),
    ("date", "1582-10-14", f"not a date from {PERIOD}"),
    ("date", "infinity", f"not a date from {PERIOD}"),
    ("date", "0044-03-15 BC", f"not a date from {PERIOD}"),
    ("date", "10000-01-01", f"not a date from {PERIOD}"),
    ("time", "24:00:00", "not a time before 24:00"),
    ("time", 86_400_000_000_000, "not a time before 24:00"),
    ("timestamp(3)", "1582-10-14 23:59:59.999", f"not a timestamp with milliseconds from {PERIOD}"),
    ("timestamp(3)", "infinity", f"not a timestamp with milliseconds from {PERIOD}"),
    ("timestamptz(3)", "-infinity", f"not a point in time from {PERIOD}"),
    ("timestamptz as text", "10000-01-01 00:00:00+00", f"not a timestamp from {PERIOD}"),
    ("timestamp as bigint", "1582-10-14", f"not a timestamp from {PERIOD}"),
    ("interval", "1 day", "not an interval of less than 2^31 hours"),
    ("bytea", PLACEHOLDER.encode(), UNKNOWN),
    ("json", PLACEHOLDER, UNKNOWN),
    ("enum(public.mood)", PLACEHOLDER, UNKNOWN),
    ("inet", "10.0.0.256", "not an address"),
    ("int4[]", "[1,[2]]", "has more than one dimension"),
    ("int2[]", [1, None, 2**15], "an element: does not fit 16 bits"),
    ("float8[]", '[1.5,null,"NaN"]', "an element: not a finite number"),
    ("date[]", '["1582-10-14"]', f"an element: not a date from {PERIOD}"),
]


@pytest.mark.parametrize(("spec", "value", "cause"), OUTSIDE)
def test_cause(spec: str, value: Any, cause: str) -> None:
    assert parse(spec).cause(value) == cause


def test_days_beyond_python_are_outside_the_domain() -> None:
    kind = parse("date")
    assert kind.event_value(1) == date(1970, 1, 2)
    for days in (2932897, -(2**31), 2**31 - 1):
        assert kind.cause(kind.event_value(days)) == f"not a date from {PERIOD}"


def test_microseconds_in_a_timestamp_with_milliseconds_are_not_rounded() -> None:
    kind = parse("timestamp(3)")
    assert kind.cause(kind.event_value(1001)) is not None
    assert kind.canonical(kind.event_value(1001)) == "1001 microseconds since 1970"
    assert kind.event_value(1000) == 1


def test_a_number_with_more_digits_than_the_column_is_not_rounded() -> None:
    assert parse("numeric(10,2)").canonical("0.001") == "0.001"


def test_a_missing_value() -> None:
    assert Column("a", parse("int4")).cause(None) == "missing"
    assert Column("a", parse("int4"), nullable=True).cause(None) is None


# spec → the conditions of a column "c"
P = "'1582-10-15T00:00:00"
CHECKS = {
    "int4": {},
    "float4": {"is_finite": "abs(\"c\") < 'Infinity'::real"},
    "float8": {"is_finite": 'abs("c") <= 1.7976931348623157e+308::double precision'},
    "numeric(10,2)": {"is_a_number": "\"c\" <> 'NaN'"},
    "numeric": {
        "has_up_to_1000_digits": 'abs("c") < (\'1e\' || 1000)::numeric AND scale("c") <= 1000'
    },
    "text": {f"is_not{PLACEHOLDER}": f"\"c\" <> '{PLACEHOLDER}'"},
    "date": {"from_1582_10_15_to_9999_12_31": "\"c\" BETWEEN '1582-10-15' AND '9999-12-31'"},
    "time": {"is_before_24_00": "\"c\" < '24:00'"},
    "timestamp(3)": {
        "from_1582_10_15_to_9999_12_31": f"\"c\" BETWEEN {P}' AND '9999-12-31T23:59:59.999000'"
    },
    "timestamptz(3)": {
        "from_1582_10_15_to_9999_12_31": (
            f"\"c\" BETWEEN {P}+00:00' AND '9999-12-31T23:59:59.999000+00:00'"
        )
    },
    "timestamptz as text": {
        "from_1582_10_15_to_9999_12_31": (
            f"\"c\" BETWEEN {P}.000000Z' AND '9999-12-31T23:59:59.999999Z'"
        )
    },
    "interval": {
        "has_less_than_2147483648_hours": (
            'isfinite("c") AND abs(extract(hour FROM "c")) <= 2147483647'
        )
    },
    "bytea": {
        f"is_not{PLACEHOLDER}": f"\"c\" <> '\\x{PLACEHOLDER.encode().hex()}'::bytea",
    },
    "jsonb": {},
    "enum(public.mood)[]": {
        "has_one_dimension": 'array_ndims("c") = 1 AND array_lower("c", 1) = 1',
        "has_no_null": 'array_position("c", NULL) IS NULL',
    },
    "float8[]": {
        "has_one_dimension": 'array_ndims("c") = 1 AND array_lower("c", 1) = 1',
        "is_finite": (
            "NOT ('NaN' = ANY (\"c\") OR 'Infinity' = ANY (\"c\") OR '-Infinity' = ANY (\"c\"))"
        ),
    },
    "date[]": {
        "has_one_dimension": 'array_ndims("c") = 1 AND array_lower("c", 1) = 1',
        "from_1582_10_15_to_9999_12_31": (
            "'1582-10-15' <= ALL (\"c\") AND '9999-12-31' >= ALL (\"c\")"
        ),
    },
}


@pytest.mark.parametrize("spec", CHECKS)
def test_checks(spec: str) -> None:
    assert Column("c", parse(spec)).checks('"c"') == CHECKS[spec]


def table(*partition: str) -> Table:
    return Table("t", (Column("a", parse("text")), Column("b", parse("int4"))), partition, ("b",))


def test_the_only_column_of_the_partition_key_is_not_empty() -> None:
    alone = table("a").column("a")
    assert alone.cause("") == "empty, which Cassandra refuses as a key"
    assert alone.cause("x") is None
    assert alone.checks('"a"')["is_not_empty"] == "\"a\"::text <> ''"
    assert "{value} = ''" in [fault.condition for fault in alone.faults]
    shared = table("b", "a").column("a")
    assert shared.cause("") is None
    assert "is_not_empty" not in shared.checks('"a"')
    assert "{value} = ''" not in [fault.condition for fault in shared.faults]


def test_a_text_in_the_key_has_up_to_8192_bytes() -> None:
    for column in (table("a").column("a"), table("b", "a").column("a")):
        assert column.cause("ä" * 4097) == "longer than 8192 bytes, in a key"
        assert column.cause("ä" * 4096) is None
        assert column.checks('"a"')["has_up_to_8192_bytes"] == 'octet_length("a"::text) <= 8192'
        assert "octet_length({value}) > 8192" in [fault.condition for fault in column.faults]
    assert Column("a", parse("text")).cause("ä" * 4097) is None


def test_a_number_in_the_key_has_no_further_rule() -> None:
    assert table("b").column("b").checks('"b"') == {}
    assert table("b").column("b").faults == ()
