"""Random values are inside the domain of their kind."""

from __future__ import annotations

import random

import pytest

from contract.table.file import column
from control_center.jobs.bench.values import value
from control_center.pipeline.row_repository import fits

SPECS = [
    "bool",
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "numeric(10,2)",
    "numeric(3,3)",
    "numeric",
    "text",
    "varchar(3)",
    "char(5)",
    "uuid",
    "date",
    "time(3)",
    "timestamp(3)",
    "timestamptz(3)",
    "interval",
    "bytea",
    "json",
    "jsonb",
    "inet",
    "int4[]",
    "text[]",
]


@pytest.mark.parametrize("spec", SPECS)
def test_every_kind_has_values(spec: str) -> None:
    sample = column("c", spec)
    source = random.Random(7)
    values = {value(sample.kind, source) for _ in range(50)}
    assert None not in values
    assert len(values) > 1
    if spec not in ("bytea", "interval", "int4[]", "text[]"):  # PostgreSQL returns another form
        assert all(fits(sample, sample.kind.canonical(text)) for text in values)


def test_the_labels_of_an_enum_are_known_to_the_table_alone() -> None:
    assert value(column("c", "enum(public.mood)").kind, random.Random()) is None
