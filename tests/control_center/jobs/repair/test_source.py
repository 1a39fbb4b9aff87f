"""The statements of a repair, and rows that PostgreSQL accepts for people whom it is to delete."""

from __future__ import annotations

from typing import Any, cast

import psycopg2.extensions
import pytest
from psycopg2.extensions import connection as Connection

from contract.table.columns import COLUMNS
from contract.table.domain import outside
from control_center.jobs.repair import source
from control_center.jobs.repair.plan import RepairPlan
from control_center.jobs.repair.source import BLANK, PostgresSource, blank

KEY = "0d5f1c2e-0000-4000-8000-00000000000a"
OTHER = "0d5f1c2e-0000-4000-8000-00000000000b"


class Recorder:
    """A connection and its cursor: records statements and transactions, and answers `rows`."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self.rows, self.transactions = rows, 0
        self.statements: list[tuple[str, Any]] = []

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def cursor(self) -> Recorder:
        self.transactions += 1
        return self

    def execute(self, statement: str, parameters: Any) -> None:
        self.statements.append((statement, parameters))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows


def test_rows_are_locked_before_they_are_republished_in_one_transaction() -> None:
    recorder = Recorder([(KEY, True), (OTHER, False)])
    result = PostgresSource(cast(Connection, recorder)).republish([KEY, OTHER, "gone"])
    assert result == RepairPlan((KEY,), (OTHER,), ("gone",))
    (select, selected), (update, updated) = recorder.statements
    assert select.endswith("FOR UPDATE") and selected == [[KEY, OTHER, "gone"]]
    assert update.startswith("UPDATE public.users SET id = id") and updated == [[KEY]]
    assert recorder.transactions == 1


def test_only_inserted_rows_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder([])

    def execute_values(
        cursor: Recorder, statement: str, rows: list[tuple[Any, ...]], **options: Any
    ) -> list[tuple[str]]:
        assert "ON CONFLICT (id) DO NOTHING RETURNING id" in statement
        assert rows == [blank(KEY), blank(OTHER)]
        assert options == {"page_size": 2, "fetch": True}
        return [(OTHER,)]

    monkeypatch.setattr(source, "execute_values", execute_values)
    assert PostgresSource(cast(Connection, recorder)).erase([KEY, OTHER]) == 1
    [(delete, deleted)] = recorder.statements
    assert delete.startswith("DELETE FROM public.users") and deleted == [[OTHER]]
    assert recorder.transactions == 1


def test_erasing_no_people_runs_no_statement() -> None:
    recorder = Recorder([])
    assert PostgresSource(cast(Connection, recorder)).erase([]) == 0
    assert (recorder.statements, recorder.transactions) == ([], 0)


def test_a_blank_row_is_inside_the_domain_and_holds_nothing_of_a_person() -> None:
    row = blank(KEY)
    assert row[0] == KEY
    assert outside(row) == []
    for column, value in list(zip(COLUMNS, row, strict=True))[1:]:
        assert value == (None if column.nullable else BLANK[column.kind]), column.name


def test_every_kind_of_column_has_a_blank_that_the_driver_can_write() -> None:
    assert {column.kind for column in COLUMNS} <= BLANK.keys()
    for value in BLANK.values():
        psycopg2.extensions.adapt(value)
