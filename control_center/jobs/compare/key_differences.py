"""The difference of one person between the stores: stores without the row, and columns that
differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contract.jobs.compare import KeyDifference
from contract.kafka.offsets import TopicOffset
from contract.table.domain import outside
from control_center.pipeline.row_diff import changed_columns

Row = Sequence[Any]


def key_difference(
    key: str,
    missing: Sequence[str],
    rows: Mapping[str, Row | None],
    newest_event: TopicOffset | None,
    cassandra_event: TopicOffset | None,
) -> KeyDifference:
    """`rows`: store name → row or None, PostgreSQL first. The first existing row is the reference
    for the others. The result holds no values, because they are personal."""
    held = {name: row for name, row in rows.items() if row is not None}
    names = list(held)
    postgres = rows["postgres"]
    return KeyDifference(
        id=key,
        missing=tuple(missing),
        fields={name: tuple(changed_columns(held[names[0]], held[name])) for name in names[1:]},
        outside_domain=tuple(outside(postgres)) if postgres is not None else (),
        newest_event=newest_event,
        cassandra_event=cassandra_event,
    )
