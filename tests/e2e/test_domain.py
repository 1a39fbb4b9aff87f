"""10,000 rows with values in the domain of every column, at its edges and outside it.

Each row is equal in all stores, or PostgreSQL refuses it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg2
import pytest
from psycopg2.extras import execute_values

from contract.stores.cassandra.cql import QUERIES
from contract.table.columns import COLUMNS, NAMES
from contract.table.instant import EPOCH
from tests.harness.people import bits
from tests.harness.platform import Platform
from tests.harness.strategies import Row, rows

COUNT = 10_000
AT_ONCE = 250
INSERT = f"INSERT INTO public.users ({', '.join(NAMES)}) VALUES "


def as_sql(row: Row) -> list[str | None]:
    """Every value as text: psycopg2 itself would write -0.0 as 0.0."""
    return [None if row[name] is None else str(row[name]) for name in NAMES]


def as_stored(row: Row) -> dict[str, Any]:
    """Column → value in Cassandra, timestamps in milliseconds."""

    def stored(kind: str, value: Any) -> Any:
        if value is None or kind != "timestamp":
            return bits(value)
        return (datetime.fromisoformat(value) - EPOCH) // timedelta(milliseconds=1)

    return {column.name: stored(column.kind, row[column.name]) for column in COLUMNS}


def refuses(platform_connection: Any, row: Row) -> bool:
    """Does PostgreSQL refuse this row, or its client a value that SQL cannot express?"""
    try:
        with platform_connection, platform_connection.cursor() as cursor:
            cursor.execute(f"{INSERT} %s", [tuple(as_sql(row))])
    except (psycopg2.Error, ValueError):
        return True
    return False


def in_cassandra(platform: Platform) -> dict[str, dict[str, Any]]:
    """id → column → value."""
    with platform.cassandra() as session:
        session.default_fetch_size = 1000
        return {
            str(row.id): {name: bits(getattr(row, name)) for name in NAMES} | {"id": str(row.id)}
            for row in session.execute(QUERIES["everybody"])
        }


@pytest.fixture
def people(platform: Platform) -> Iterator[list[tuple[Row, str | None]]]:
    generated = list(rows(COUNT))
    ids = [row["id"] for row, column in generated if column != "id"]
    delete = "DELETE FROM public.users WHERE id = ANY(%s::uuid[])"
    platform.sql(delete, [ids])
    yield generated
    platform.sql(delete, [ids])


@pytest.mark.timeout(600)
def test_every_row_is_equal_in_all_stores_or_refused(
    platform: Platform, people: list[tuple[Row, str | None]]
) -> None:
    platform.assert_status_ok()
    began = time.monotonic()
    good = [row for row, outside in people if outside is None]
    with platform.postgres() as connection:
        for first in range(0, len(good), AT_ONCE):
            batch = [as_sql(row) for row in good[first : first + AT_ONCE]]
            with connection, connection.cursor() as cursor:
                execute_values(cursor, f"{INSERT} %s", batch, page_size=AT_ONCE)
        accepted = [
            (column, row[column])
            for row, column in people
            if column is not None and not refuses(connection, row)
        ]
    assert accepted == []
    print(f"\n{len(good):,} rows written, {len(people) - len(good):,} refused,", end=" ")

    platform.assert_equal_everywhere()
    stored = in_cassandra(platform)
    for row in good:
        expected = as_stored(row)
        assert stored.get(row["id"]) == expected, row["id"]
    print(f"all equal after {time.monotonic() - began:.0f} s,", end=" ")

    changed = [row["id"] for row in good[::3]]
    platform.sql(
        "UPDATE public.users SET nat = 'Riada' WHERE id = ANY(%s::uuid[])",
        [changed],
    )
    repaired = platform.job("repair")
    assert repaired["outside_domain"] == 0
    platform.assert_equal_everywhere()
    print(f"{len(changed):,} changed after {time.monotonic() - began:.0f} s")
