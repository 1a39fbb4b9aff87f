"""A bad person does not affect others, and a repeated person counts once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ingest.page import sort_page

from tests.dags.people import person


@pytest.fixture
def people() -> list[Any]:
    return [person(number) for number in range(5)]


def test_rows_are_ordered_by_id(people: list[Any]) -> None:
    page = sort_page(people)
    ids = [accepted.row[0] for accepted in page.accepted]
    assert ids == sorted(person["login"]["uuid"] for person in people)
    assert (page.rejected, page.repeated) == ([], 0)


def test_a_bad_person_is_rejected_alone(people: list[Any]) -> None:
    del people[1]["email"]
    page = sort_page([*people, None])
    assert len(page.accepted) == len(people) - 1
    first, last = page.rejected
    assert (first.position, first.reason) == (1, "email: missing")
    assert (last.position, last.person) == (len(people), None)


def test_the_last_of_a_repeated_person_counts(people: list[Any]) -> None:
    again = copy.deepcopy(people[0])
    again["email"] = "again@example.com"
    page = sort_page([*people, again])
    assert page.repeated == 1
    assert len(page.accepted) == len(people)
    assert "again@example.com" in {value for accepted in page.accepted for value in accepted.row}


def test_an_empty_page_has_no_people(people: list[Any]) -> None:
    assert sort_page([]).accepted == []
