"""A bad item does not affect others, and a repeated key counts once."""

from __future__ import annotations

import copy
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from ingest.page import sort_page

from contract.table import file
from tests.dags.people import person
from tests.dags.tables import READINGS, USERS, reading


@pytest.fixture
def people() -> list[Any]:
    return [person(number) for number in range(5)]


def test_rows_are_ordered_by_key(people: list[Any]) -> None:
    page = sort_page(USERS, people)
    ids = [accepted.row[0] for accepted in page.accepted]
    assert ids == sorted(person["login"]["uuid"] for person in people)
    assert (page.rejected, page.repeated) == ([], 0)


def test_a_bad_item_is_rejected_alone(people: list[Any]) -> None:
    del people[1]["email"]
    page = sort_page(USERS, [*people, None])
    assert len(page.accepted) == len(people) - 1
    first, last = page.rejected
    assert (first.position, first.reason) == (1, "email: missing")
    assert (last.position, last.item) == (len(people), None)


def test_the_last_of_a_repeated_key_counts(people: list[Any]) -> None:
    again = copy.deepcopy(people[0])
    again["email"] = "again@example.com"
    page = sort_page(USERS, [*people, again])
    assert page.repeated == 1
    assert len(page.accepted) == len(people)
    assert "again@example.com" in {value for accepted in page.accepted for value in accepted.row}


def test_all_columns_of_a_composite_key_count() -> None:
    items = [
        reading("b", 1),
        reading("a", 2),
        reading("a", 1, "1"),
        # the same point in time in another time zone
        reading("a", 1, "2") | {"at": "2026-01-01T01:00:01+01:00"},
    ]
    page = sort_page(READINGS, items)
    assert page.repeated == 1
    assert [(row[0], row[1].second, row[2]) for row in (a.row for a in page.accepted)] == [
        ("a", 1, Decimal("2")),
        ("a", 2, Decimal("1.5")),
        ("b", 1, Decimal("1.5")),
    ]


def test_keys_that_postgres_considers_equal_count_once() -> None:
    padded = file.read("padded", 'key = ["code"]\n[columns]\ncode = "char(3)"\n')
    page = sort_page(padded, [{"code": "a"}, {"code": "a "}])
    assert (len(page.accepted), page.repeated) == (1, 1)


def test_a_row_has_the_columns_that_postgres_does_not_compute() -> None:
    (accepted,) = sort_page(READINGS, [reading("a", 1)]).accepted
    at = datetime(2026, 1, 1, 0, 0, 1, tzinfo=timezone.utc)
    assert accepted.row == ("a", at, Decimal("1.5"), ["a", None])


def test_an_empty_page_has_no_rows() -> None:
    assert sort_page(USERS, []).accepted == []
