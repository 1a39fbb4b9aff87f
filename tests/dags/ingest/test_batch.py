"""A bad person costs nobody else, a repeated one counts once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ingest.batch import batch


def person(number: int) -> dict[str, Any]:
    """As the API gives it, after its secrets were removed."""
    return {
        "gender": "female",
        "name": {"title": "Ms", "first": "Ida", "last": f"N{number}"},
        "location": {
            "street": {"number": number, "name": "Elm Street"},
            "city": "Clane",
            "state": "Kildare",
            "country": "Ireland",
            "postcode": 10_000 + number,
            "coordinates": {"latitude": "3.1635", "longitude": "-48.4445"},
            "timezone": {"offset": "-3:30", "description": "Newfoundland"},
        },
        "email": f"ida{number}@example.com",
        "login": {"uuid": f"{9 - number:08x}-cd58-477d-8365-6a42f620507e", "username": "ida"},
        "dob": {"date": "1983-02-18T19:45:06.219Z", "age": 43},
        "registered": {"date": "2007-04-08T07:57:25.094Z", "age": 19},
        "phone": "071-410-3048",
        "cell": "081-872-3125",
        "id": {"name": "", "value": None},
        "picture": {"large": "l", "medium": "m", "thumbnail": "t"},
        "nat": "IE",
    }


@pytest.fixture
def people() -> list[Any]:
    return [person(number) for number in range(5)]


def test_everybody_is_stored_ordered_by_id(people: list[Any]) -> None:
    sorted_out = batch(people)
    ids = [item.row[0] for item in sorted_out.items]
    assert ids == sorted(person["login"]["uuid"] for person in people)
    assert (sorted_out.rejects, sorted_out.repeated) == ([], 0)


def test_a_bad_person_is_rejected_alone(people: list[Any]) -> None:
    del people[1]["email"]
    sorted_out = batch([*people, None])
    assert len(sorted_out.items) == len(people) - 1
    (first, reason), (last, _) = sorted_out.rejects
    assert (first.position, reason) == (1, "email: missing")
    assert (last.position, last.person) == (len(people), None)


def test_of_a_repeated_person_the_last_counts(people: list[Any]) -> None:
    again = copy.deepcopy(people[0])
    again["email"] = "again@example.com"
    sorted_out = batch([*people, again])
    assert sorted_out.repeated == 1
    assert len(sorted_out.items) == len(people)
    assert "again@example.com" in {value for item in sorted_out.items for value in item.row}


def test_an_empty_page(people: list[Any]) -> None:
    assert batch([]).items == []
