"""The workload: the rows that the model expects are those of a database that runs its SQL."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from typing import Any

import pytest

from tests.harness.workload.model import MARKERS, ROWS, Model
from tests.harness.workload.statements import sql
from tests.harness.workload.step import Insert, Row, Step, Undone
from tests.harness.workload.table import ADDED, PARTS, table

STEPS = 3_000


def test_a_seed_has_one_result() -> None:
    first, second, other = Model("a"), Model("a"), Model("b")
    for model in (first, second, other):
        model.advance(200)
    assert first.rows.by_key == second.rows.by_key
    assert first.rows.by_key != other.rows.by_key


def test_the_rows_are_those_of_a_database() -> None:
    database = sqlite3.connect(":memory:", isolation_level=None)
    names = table(with_added=True).names
    database.execute(f"CREATE TABLE workload ({', '.join(names)}, PRIMARY KEY (id))")
    model = Model("database", added_from=STEPS // 2)
    for _ in range(STEPS):
        _run(database, model.next())
    stored = database.execute(f"SELECT {', '.join(names)} FROM workload ORDER BY id").fetchall()
    expected = [
        tuple(_stored(row.get(name)) for name in names)
        for _, row in sorted(model.rows.by_key.items())
    ]
    assert stored == expected
    assert len(model.rows) > ROWS / 2
    assert any(row.get(ADDED) for row in model.rows.by_key.values())


def test_rows_are_bounded() -> None:
    model = Model("bounded")
    model.advance(10_000)
    assert ROWS / 2 < len(model.rows) < ROWS * 1.1


def test_every_kind_of_step_occurs() -> None:
    model = Model("kinds")
    steps = [model.next() for _ in range(1_000)]
    transactions = [each for step in steps for each in step.transactions]
    statements = [each for transaction in transactions for each in transaction.statements]
    assert any(step.overlap for step in steps)
    assert any(not transaction.commits for transaction in transactions)
    assert any(isinstance(each, Undone) for each in statements)
    assert any(getattr(each, "by_copy", False) for each in statements)
    assert any("id" in getattr(each, "values", {}) for each in statements)
    assert max(len(step.committed) for step in steps) <= PARTS


@pytest.mark.parametrize("number", range(3))
def test_each_step_changes_one_marker(number: int) -> None:
    model = Model(f"markers {number}")
    model.advance(MARKERS + 50)
    markers = sorted(row["step"] for key, row in model.rows.by_key.items() if key < 0)
    assert markers == list(range(50, MARKERS + 50))


def _run(database: sqlite3.Connection, step: Step) -> None:
    """Overlapping transactions touch different rows: their order does not matter."""
    for transaction in step.transactions:
        database.execute("BEGIN")
        for statement in transaction.statements:
            _execute(database, statement)
        database.execute("COMMIT" if transaction.commits else "ROLLBACK")


def _execute(database: sqlite3.Connection, statement: Any) -> None:
    if isinstance(statement, Undone):
        database.execute("SAVEPOINT undone")
        for each in statement.statements:
            _execute(database, each)
        database.execute("ROLLBACK TO undone")
        return
    for text, parameters in sql(statement, '"workload"'):
        database.execute(text.replace("%s", "?"), [_stored(value) for value in parameters])


def _stored(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return json.dumps(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def test_sql_of_a_row() -> None:
    row: Row = {"id": 1, "word": "x"}
    assert list(sql(Insert((row,)), "t")) == [
        ('INSERT INTO t ("id", "word") VALUES (%s, %s)', [1, "x"])
    ]
