"""All rows of a table in PostgreSQL and in Cassandra, in a form that is equal for equal values.

It reads the stores itself: the platform's comparison is one of the things that tests test.
"""

from __future__ import annotations

from typing import Any

from contract.stores.cassandra import table as cassandra
from contract.stores.postgres import table as postgres
from contract.table.digest import canonical
from contract.table.key import row_key
from contract.table.table import Table
from tests.harness.platform import Platform

Rows = dict[str, dict[str, Any]]
PAGE = 1000


def in_postgres(platform: Platform, table: Table) -> Rows:
    """Key → column → canonical value."""
    query = f"SELECT {postgres.read(table)} FROM {postgres.qualified(table)}"
    return _rows(table, platform.sql(query, role="observer", database=table.database))


def in_cassandra(platform: Platform, table: Table) -> Rows:
    """Key → column → canonical value."""
    with platform.cassandra() as session:
        session.default_fetch_size = PAGE
        result = session.execute(cassandra.select_all(table))
        return _rows(table, [tuple(row)[: len(table.columns)] for row in result])


def differences(expected: Rows, actual: Rows) -> list[str]:
    """A line for each row that is missing, unexpected or different; empty for equal stores."""
    lines = []
    for key in sorted(expected.keys() | actual.keys()):
        if key not in actual:
            lines.append(f"{key}: missing")
        elif key not in expected:
            lines.append(f"{key}: unexpected")
        else:
            lines += [
                f"{key}: {name} is {actual[key][name]!r}, not {value!r}"
                for name, value in expected[key].items()
                if actual[key][name] != value
            ]
    return lines


def assert_equal_rows(platform: Platform, table: Table) -> int:
    """Every row of PostgreSQL is in Cassandra with the same values, and no other row is; returns
    the number of rows."""
    expected = in_postgres(platform, table)
    lines = differences(expected, in_cassandra(platform, table))
    assert not lines, f"{table.name}: {len(lines)} differences\n" + "\n".join(lines[:20])
    return len(expected)


def _rows(table: Table, rows: list[tuple[Any, ...]]) -> Rows:
    result = {}
    for row in rows:
        values = dict(zip(table.names, row, strict=True))
        result[row_key(table, values)] = dict(zip(table.names, canonical(table, row), strict=True))
    return result
