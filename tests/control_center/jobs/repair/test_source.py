"""Rows that PostgreSQL takes for people whom it is to delete."""

from __future__ import annotations

import psycopg2.extensions

from contract.table.columns import COLUMNS
from contract.table.domain import outside
from control_center.jobs.repair.source import BLANK, blank

KEY = "0d5f1c2e-0000-4000-8000-00000000000a"


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
