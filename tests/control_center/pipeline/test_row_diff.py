"""Two rows with the same key are equal in the forms of every store. Differences name columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from control_center.pipeline.row_diff import Difference, changed_columns, compare
from tests.control_center.sample_tables import USERS

VALUES: dict[str, Any] = {
    "uuid": "b25124b3-cd58-477d-8365-6a42f620507e",
    "text": "Ana",
    "int": 7,
    "double": 3.1635,
    "timestamp": datetime(1983, 2, 18, 19, 45, 6, 219000, tzinfo=UTC),
}


def person(**changes: Any) -> tuple[Any, ...]:
    return tuple(
        changes.get(column.name, VALUES[column.kind.cassandra]) for column in USERS.columns
    )


def test_the_stores_own_forms_are_equal() -> None:
    topic = person(date_of_birth="1983-02-18T19:45:06.219Z")
    cassandra = person(
        id=UUID(VALUES["uuid"]), date_of_birth=datetime(1983, 2, 18, 19, 45, 6, 219000)
    )
    assert changed_columns(USERS, person(), topic) == []
    assert changed_columns(USERS, person(), cassandra) == []


def test_differing_columns_are_named() -> None:
    assert changed_columns(USERS, person(), person(city="Lyon", id_value=None)) == [
        "city",
        "id_value",
    ]


def test_missing_and_differing_rows() -> None:
    difference = compare(
        USERS, {"a": person(), "b": person(), "c": person()}, {"a": person(), "c": person(city="x")}
    )
    assert difference == Difference(["b"], {"c": ["city"]})
    assert bool(difference)


def test_rows_that_were_not_expected_are_ignored() -> None:
    assert not compare(USERS, {"a": person()}, {"a": person(), "stranger": person()})


def test_json_has_counts_and_the_first_ids() -> None:
    difference = Difference(["a", "b", "c"], {"d": ["city"], "e": ["state"]})
    assert difference.to_json(limit=1) == {
        "missing": 3,
        "missing_first": ["a"],
        "differing": 2,
        "differing_first": {"d": ["city"]},
    }
