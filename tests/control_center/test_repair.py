"""Rows that PostgreSQL takes for people who are not known whole."""

from __future__ import annotations

from uuid import UUID

import psycopg2.extensions

from control_center.repair.source import BLANK, complete
from users.columns import COLUMNS, NAMES

KEY = "0d5f1c2e-0000-4000-8000-00000000000a"


def test_nobody_knows_the_person() -> None:
    row = complete(KEY, None)
    assert row[0] == KEY
    for column, value in list(zip(COLUMNS, row))[1:]:
        assert value == (None if column.nullable else BLANK[column.kind]), column.name


def test_what_is_known_stays() -> None:
    known = [f"value of {name}" for name in NAMES]
    known[0] = UUID(KEY)
    known[NAMES.index("city")] = None
    known[NAMES.index("id_value")] = None
    row = complete(KEY, known)
    expected = {**dict(zip(NAMES, known)), "id": KEY, "city": "", "id_value": None}
    assert dict(zip(NAMES, row)) == expected


def test_every_kind_of_column_has_a_blank_that_the_driver_can_write() -> None:
    assert {column.kind for column in COLUMNS} <= BLANK.keys()
    for value in BLANK.values():
        psycopg2.extensions.adapt(value)
