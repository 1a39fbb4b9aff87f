from __future__ import annotations

import random
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from contract.table.checksum import canonical, checksum
from contract.table.columns import COLUMNS
from contract.table.randomuser import row


@pytest.fixture
def rows(people: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [row(person) for person in people]


def test_order_does_not_matter(rows: list[tuple[Any, ...]]) -> None:
    shuffled = random.sample(rows, len(rows))
    assert shuffled != rows
    assert checksum(rows) == checksum(shuffled)
    assert checksum(rows).count == 500


def test_any_changed_missing_or_doubled_row_shows(rows: list[tuple[Any, ...]]) -> None:
    whole = checksum(rows)
    assert checksum(rows[1:]).total != whole.total
    assert checksum([rows[1], *rows[1:]]) != whole
    for index, column in enumerate(COLUMNS):
        values = list(rows[0])
        other = {"text": "", "int": 0, "double": 0.0, "uuid": str(UUID(int=0))}
        values[index] = other.get(column.kind, datetime(2000, 1, 1))
        assert checksum([tuple(values), *rows[1:]]) != whole, column.name


def test_null_is_not_empty_text(rows: list[tuple[Any, ...]]) -> None:
    index = [column.name for column in COLUMNS].index("id_value")
    empty, null = list(rows[0]), list(rows[0])
    empty[index], null[index] = "", None
    assert canonical(empty) != canonical(null)


def test_every_source_gives_the_same_text(rows: list[tuple[Any, ...]]) -> None:
    """PostgreSQL and Cassandra drivers give UUID and datetime (naive UTC), Debezium ISO text."""
    for values in rows:
        cassandra = [
            UUID(v) if c.kind == "uuid" else v.replace(tzinfo=None) if c.kind == "timestamp" else v
            for c, v in zip(COLUMNS, values)
        ]
        debezium = [
            v.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if c.kind == "timestamp" else v
            for c, v in zip(COLUMNS, values)
        ]
        assert canonical(values) == canonical(cassandra) == canonical(debezium)


def test_a_row_of_another_width_is_an_error(rows: list[tuple[Any, ...]]) -> None:
    with pytest.raises(ValueError, match="27 values"):
        canonical(rows[0][:-1])
