"""Several tables at once: rows over the domain of every kind are equal in every field, also after
updates and deletes, and each command covers each table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import psycopg2
import pytest

from contract.table.key import row_key
from contract.table.table import Table
from tests.harness import cursor_api
from tests.harness.equality import assert_equal_rows, in_postgres
from tests.harness.platform import Platform
from tests.harness.rows import delete, insert_with, update_with, writer
from tests.harness.strategies import Row, good_rows, rows
from tests.harness.tables import USERS

ROWS = 600
AT_ONCE = 50
SMOKE_ROWS = "100"
WRITTEN = ("everything", "order_lines", "parts")
GUARDED = ("everything", "order_lines")  # Riada makes their constraints
ALL = {"everything", "events", "order_lines", "parts", USERS.name}

pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize("name", WRITTEN)
def test_rows_are_equal_in_every_field(
    platform: Platform, tables: Mapping[str, Table], name: str
) -> None:
    table = tables[name]
    inserted = good_rows(table, ROWS)
    changed = _with_new_values(table, inserted[::3])
    deleted = [row_key(table, row) for row in inserted[1::3]]
    with platform.postgres(writer(table), table.database) as connection:
        for first in range(0, ROWS, AT_ONCE):
            insert_with(connection, table, inserted[first : first + AT_ONCE])
        assert platform.count(table) == ROWS
        update_with(connection, table, changed)
    delete(platform, table, deleted)
    platform.assert_equal_everywhere(name)
    assert assert_equal_rows(platform, table) == ROWS - len(deleted)


def _with_new_values(table: Table, old: list[Row]) -> list[Row]:
    """The rows of these keys with other values."""
    key = [column.name for column in table.key]
    new = good_rows(table, len(old), seed=13)
    return [
        values | {name: row[name] for name in key} for row, values in zip(old, new, strict=True)
    ]


@pytest.mark.parametrize("name", GUARDED)
def test_postgres_refuses_what_could_not_arrive(
    platform: Platform, tables: Mapping[str, Table], name: str
) -> None:
    table = tables[name]
    unfit = [(row, column) for row, column in rows(table, ROWS, 100, seed=14) if column]
    assert len(unfit) > ROWS / 8
    before = platform.count(table)
    with platform.postgres(writer(table)) as connection:
        for row, column in unfit:
            with pytest.raises((psycopg2.Error, ValueError)):
                insert_with(connection, table, [row])
                pytest.fail(f"accepted: {column} {row[str(column)]!r}")
    assert platform.count(table) == before


def test_a_query_with_quoted_names(platform: Platform, tables: Mapping[str, Table]) -> None:
    customer, numbers = platform.sql(
        'SELECT "Kunde", array_agg("Line No") FROM public.order_lines GROUP BY 1 LIMIT 1',
        role="application",
    )[0]
    path = f"/api/tables/order_lines/queries/lines?{urlencode({'customer': customer})}"
    answer = platform.control_center("GET", path)
    assert sorted(row["Line No"] for row in answer["rows"]) == sorted(numbers)[:100]


def test_every_item_of_the_api_arrives(platform: Platform, tables: Mapping[str, Table]) -> None:
    table, dag = tables["events"], "ingest_events"
    platform.await_run(platform.run(dag), dag=dag)
    expected = {}
    for number in range(cursor_api.COUNT):
        values = cursor_api.event(number)
        expected[str(values["id"])] = {
            column.name: column.kind.canonical(values[column.name]) for column in table.columns
        }
    assert in_postgres(platform, table) == expected
    platform.assert_equal_everywhere("events")
    assert assert_equal_rows(platform, table) == cursor_api.COUNT


def test_smoke_test_covers_every_table(platform: Platform, tables: Mapping[str, Table]) -> None:
    answer = _answer(platform, "smoke-test", ROWS=SMOKE_ROWS)
    assert answer["tables"].keys() == ALL
    for name, result in answer["tables"].items():
        assert result["ok"], (name, result)
        assert result["rows"] > 0, name
        assert all(check["ok"] for check in result["checks"]), (name, result["checks"])


def test_compare_and_repair_cover_every_table(
    platform: Platform, tables: Mapping[str, Table]
) -> None:
    compared = _answer(platform, "compare")
    assert compared["tables"].keys() == ALL
    for name, result in compared["tables"].items():
        assert result["ok"], (name, result)
        assert result["postgres"]["count"] > 0, name
    repaired = _answer(platform, "repair")
    assert repaired["tables"].keys() == ALL


def _answer(platform: Platform, command: str, **variables: str) -> dict[str, Any]:
    """What a command for all tables prints; it must succeed."""
    done = platform.command(command, JSON="1", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
