"""Spark's SQL of every kind: the carried form of each event, and the faults that it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pyspark.sql import SparkSession

from contract.table.key_rule import KeyPart, faults
from contract.table.kinds.kind import AvroType, Fault
from contract.table.kinds.parse import parse
from tests.contract.table.kinds.forms import FORMS

TYPES = {"bytes": "binary", "long": "bigint"}
PLACEHOLDER = "__debezium_unavailable_value"


def sql_type(avro: AvroType) -> str:
    if isinstance(avro, Mapping):
        return f"array<{sql_type(avro['items'][1])}>"
    return TYPES.get(avro, avro)


def select(
    spark: SparkSession, columns: Sequence[tuple[AvroType, Any]], expressions: Sequence[str]
) -> list[Any]:
    """The values of the expressions about one row with the columns e0, e1, …"""
    schema = ", ".join(f"e{n} {sql_type(avro)}" for n, (avro, _) in enumerate(columns))
    frame = spark.createDataFrame([tuple(value for _, value in columns)], schema)
    (row,) = frame.selectExpr(*expressions).collect()
    return list(row)


CASES = [(parse(form.spec), value) for form in FORMS for value in form.values]


def test_the_carried_form_has_the_canonical_form_of_the_event(spark: SparkSession) -> None:
    carried = select(
        spark,
        [(kind.avro, value.event) for kind, value in CASES],
        [kind.spark(f"e{n}") for n, (kind, _) in enumerate(CASES)],
    )
    assert [
        (kind.spec, kind.canonical(result))
        for (kind, _), result in zip(CASES, carried, strict=True)
    ] == [(kind.spec, value.canonical) for kind, value in CASES]


def test_text_is_carried_in_its_canonical_form(spark: SparkSession) -> None:
    """Nobody reads it by the kind in Cassandra. An array is compared by its elements."""
    cases = [
        case for case in CASES if case[0].spec.endswith("as text") or case[0].spec == "interval"
    ]
    assert cases
    carried = select(
        spark,
        [(kind.avro, value.event) for kind, value in cases],
        [kind.spark(f"e{n}") for n, (kind, _) in enumerate(cases)],
    )
    assert carried == [value.canonical for _, value in cases]


def test_null_is_carried_as_null(spark: SparkSession) -> None:
    kinds = [kind for kind, _ in CASES]
    carried = select(
        spark,
        [(kind.avro, None) for kind in kinds],
        [kind.spark(f"e{n}") for n, kind in enumerate(kinds)],
    )
    assert carried == [None] * len(kinds)


def test_no_fault_is_found_in_good_events(spark: SparkSession) -> None:
    expressions = [
        fault.sql(f"e{n}", kind.spark(f"e{n}"))
        for n, (kind, _) in enumerate(CASES)
        for fault in kind.faults
    ]
    assert len(expressions) > len(FORMS) / 2
    columns = [(kind.avro, value.event) for kind, value in CASES]
    assert select(spark, columns, expressions) == [False] * len(expressions)


PERIOD = "1582-10-15 to 9999-12-31"
UNKNOWN = "value not in the event (unchanged large value)"
BAD: list[tuple[str, Any, str]] = [
    ("int2", 2**15, "does not fit 16 bits"),
    ("float4", float("nan"), "not a finite number"),
    ("float4", float("inf"), "not a finite number"),
    ("float8", float("-inf"), "not a finite number"),
    ("numeric", "NaN", "not a number of up to 1000 digits"),
    ("numeric", "1" * 1001, "not a number of up to 1000 digits"),
    ("numeric(10,2)", "1e3", "not a number of up to 1000 digits"),
    ("uuid", "x", "not a UUID"),
    ("date", -141428, f"not a date from {PERIOD}"),
    ("date", 2932897, f"not a date from {PERIOD}"),
    ("time", 86_400_000_000, "not a time before 24:00"),
    ("time", -1, "not a time before 24:00"),
    ("timestamp(3)", 1, f"not a timestamp with milliseconds from {PERIOD}"),
    ("timestamp(3)", 2**62, f"not a timestamp with milliseconds from {PERIOD}"),
    ("timestamptz(3)", "infinity", f"not a timestamp from {PERIOD}"),
    ("timestamptz(3)", "1582-10-14T23:59:59.999Z", f"not a timestamp from {PERIOD}"),
    ("timestamptz as bigint", "x", f"not a timestamp from {PERIOD}"),
    ("timestamp as text", -(2**62), f"not a timestamp from {PERIOD}"),
    ("interval", "1 day", "not an interval of less than 2^31 hours"),
    ("bytea", PLACEHOLDER.encode(), UNKNOWN),
    ("inet", "x", "not an address"),
    ("text[]", [PLACEHOLDER], UNKNOWN),
    ("float8[]", [None, 1.0, float("nan")], "not a finite number"),
    ("date[]", [None, 2932897], f"not a date from {PERIOD}"),
    ("timestamptz(3)[]", [None, "infinity"], f"not a timestamp from {PERIOD}"),
]


def test_a_value_outside_the_domain_has_its_reason(spark: SparkSession) -> None:
    cases = [(parse(spec), value, reason) for spec, value, reason in BAD]
    expressions = []
    for n, (kind, _, reason) in enumerate(cases):
        (fault,) = (fault for fault in kind.faults if fault.reason == reason)
        expressions.append(fault.sql(f"e{n}", kind.spark(f"e{n}")))
    results = select(spark, [(kind.avro, value) for kind, value, _ in cases], expressions)
    assert [(spec, value, is_found) for (spec, value, _), is_found in zip(BAD, results)] == [
        (spec, value, True) for spec, value, _ in BAD
    ]


@pytest.mark.parametrize("text", ["", "x" * 8193, "ä" * 4097])
def test_texts_that_cannot_be_a_key(spark: SparkSession, text: str) -> None:
    def named(part: KeyPart) -> list[Any]:
        rules: tuple[Fault, ...] = faults(parse("text"), part)
        return select(
            spark, [("string", text)], [fault.sql("e0", "e0") for fault in rules] or ["1"]
        )

    assert named(KeyPart.NONE) == [1]
    assert named(KeyPart.ALONE).count(True) == 1
    assert named(KeyPart.SHARED) == [text != ""]
