"""10,000 rows with values in the domain of every column, at its edges and outside it.

Each row is equal in all stores, or PostgreSQL refuses it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from contract.table.digest import canonical
from contract.table.key import row_key
from tests.harness.equality import in_cassandra
from tests.harness.platform import Platform
from tests.harness.rows import insert_with
from tests.harness.strategies import Row, rows
from tests.harness.tables import USERS

COUNT = 10_000
AT_ONCE = 250


def refuses(connection: Any, row: Row) -> bool:
    """Does PostgreSQL refuse this row, or its client a value that SQL cannot express?"""
    try:
        insert_with(connection, USERS, [row])
    except (psycopg2.Error, ValueError):
        return True
    return False


@pytest.fixture
def written(platform: Platform) -> Iterator[list[tuple[Row, str | None]]]:
    made = list(rows(USERS, COUNT))
    ids = [row["id"] for row, column in made if column != "id"]
    delete = "DELETE FROM public.users WHERE id = ANY(%s::uuid[])"
    platform.sql(delete, [ids])
    yield made
    platform.sql(delete, [ids])


@pytest.mark.timeout(600)
def test_every_row_is_equal_in_all_stores_or_refused(
    platform: Platform, written: list[tuple[Row, str | None]]
) -> None:
    platform.assert_status_ok()
    began = time.monotonic()
    good = [row for row, outside in written if outside is None]
    with platform.postgres() as connection:
        for first in range(0, len(good), AT_ONCE):
            insert_with(connection, USERS, good[first : first + AT_ONCE])
        accepted = [
            (column, row[column])
            for row, column in written
            if column is not None and not refuses(connection, row)
        ]
    assert accepted == []
    print(f"\n{len(good):,} rows written, {len(written) - len(good):,} refused,", end=" ")

    platform.assert_equal_everywhere()
    stored = in_cassandra(platform, USERS)
    for row in good:
        key = row_key(USERS, row)
        expected = canonical(USERS, [row[name] for name in USERS.names])
        assert list(stored[key].values()) == expected, key
    print(f"all equal after {time.monotonic() - began:.0f} s,", end=" ")

    changed = [row["id"] for row in good[::3]]
    platform.sql("UPDATE public.users SET nat = 'Riada' WHERE id = ANY(%s::uuid[])", [changed])
    repaired = platform.job("repair")
    assert repaired["outside_domain"] == 0
    platform.assert_equal_everywhere()
    print(f"{len(changed):,} changed after {time.monotonic() - began:.0f} s")
