"""The difference of one row between the stores: stores without it, and columns that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contract.jobs.compare import KeyDifference
from contract.kafka.offsets import TopicOffset
from contract.table.column import Column
from contract.table.table import Table
from control_center.pipeline.row_diff import changed_columns

Row = Sequence[Any]


def key_difference(
    table: Table,
    key: str,
    missing: Sequence[str],
    rows: Mapping[str, Row | None],
    newest_event: TopicOffset | None,
    cassandra_event: TopicOffset | None,
) -> KeyDifference:
    """`rows`: store name → row or None, PostgreSQL first. The first existing row is the reference
    for the others. The result holds no values, because they may be personal."""
    held = {name: row for name, row in rows.items() if row is not None}
    names = list(held)
    postgres = rows["postgres"]
    return KeyDifference(
        key=key,
        missing=tuple(missing),
        fields={
            name: tuple(changed_columns(table, held[names[0]], held[name])) for name in names[1:]
        },
        outside_domain=tuple(outside(table, postgres)) if postgres is not None else (),
        newest_event=newest_event,
        cassandra_event=cassandra_event,
    )


def outside(table: Table, row: Row) -> list[str]:
    """Names of the columns whose value in PostgreSQL no other store can hold."""
    pairs = zip(table.columns, row, strict=True)
    return [column.name for column, value in pairs if _is_outside(column, value)]


def _is_outside(column: Column, value: Any) -> bool:
    try:
        return column.cause(value) is not None
    except (TypeError, ValueError, ArithmeticError):
        return True
