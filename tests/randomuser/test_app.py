"""The API over HTTP: parameters, formats, errors and faults."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest


def get(url: str) -> dict[str, Any]:
    with urlopen(url) as answer:
        return dict(json.load(answer))


def set_fault(url: str, fault: dict[str, Any] | None) -> dict[str, Any]:
    """PUT a fault, or DELETE it if it is None; returns the fault that is set."""
    body = json.dumps(fault).encode() if fault else None
    with urlopen(Request(f"{url}/faults", body, method="PUT" if fault else "DELETE")) as answer:
        return dict(json.load(answer))


@pytest.fixture
def faulty(url: str) -> Iterator[str]:
    yield url
    set_fault(url, None)


def test_answer(url: str) -> None:
    answer = get(f"{url}/api/?results=3&seed=a&page=2&nat=gb,fr")
    assert len(answer["results"]) == 3
    assert answer["info"] == {"seed": "a", "results": 3, "page": 2, "version": "1.4"}
    assert answer == get(f"{url}/api/1.4/?results=3&seed=a&page=2&nat=GB,FR")


def test_without_a_seed_people_differ(url: str) -> None:
    first, second = get(f"{url}/api/"), get(f"{url}/api/")
    assert first["info"]["seed"] != second["info"]["seed"]
    assert first["results"] != second["results"]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("inc=name,nat", ["name", "nat"]),
        ("inc=name,nat&exc=nat", ["name"]),
        (
            "exc=login,picture,id,cell,phone,registered,dob,email,location",
            ["gender", "name", "nat"],
        ),
    ],
)
def test_inc_and_exc(url: str, query: str, fields: list[str]) -> None:
    assert list(get(f"{url}/api/?seed=a&{query}")["results"][0]) == fields


def test_formats(url: str) -> None:
    people = get(f"{url}/api/?results=2&seed=a&noinfo")
    assert list(people) == ["results"]
    assert get(f"{url}/api/?results=2&seed=a&noinfo&format=pretty") == people
    with urlopen(f"{url}/api/?results=2&seed=a&format=csv") as answer:
        rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
    assert [row["login.uuid"] for row in rows] == [p["login"]["uuid"] for p in people["results"]]


@pytest.mark.parametrize("query", ["results=0", "results=5001", "page=0", "nat=xx", "format=yaml"])
def test_errors(url: str, query: str) -> None:
    with pytest.raises(HTTPError) as error:
        get(f"{url}/api/?{query}")
    assert error.value.code == 400
    assert query.split("=")[0] in json.load(error.value)["error"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_fault_answers_a_status(faulty: str, status: int) -> None:
    set_fault(faulty, {"kind": f"status_{status}", "times": 2, "retry_after": 7})
    for _ in range(2):
        with pytest.raises(HTTPError) as error:
            get(f"{faulty}/api/")
        assert (error.value.code, error.value.headers["Retry-After"]) == (status, "7")
    assert get(f"{faulty}/api/")["results"]


def test_a_fault_sends_half_a_json(faulty: str) -> None:
    set_fault(faulty, {"kind": "half_json"})
    with pytest.raises(json.JSONDecodeError):
        get(f"{faulty}/api/")
    get(f"{faulty}/api/")


def test_a_fault_delays_the_answer(faulty: str) -> None:
    set_fault(faulty, {"kind": "timeout", "seconds": 0.5})
    began = time.monotonic()
    get(f"{faulty}/api/")
    assert time.monotonic() - began >= 0.5


def test_a_fault_repeats_a_person(faulty: str) -> None:
    set_fault(faulty, {"kind": "repeat_person"})
    people = get(f"{faulty}/api/?results=5&seed=a")["results"]
    assert people[-1] == people[0]
    assert len({person["login"]["uuid"] for person in people}) == 4


def test_a_fault_changes_a_type(faulty: str) -> None:
    path = f"{faulty}/api/?results=2&seed=a"
    set_fault(faulty, {"kind": "change_type", "field": "location.timezone.offset"})
    changed, unchanged = get(path)["results"], get(path)["results"]
    assert changed[0]["location"]["timezone"]["offset"] == [
        unchanged[0]["location"]["timezone"]["offset"]
    ]
    assert changed[1] == unchanged[1]


def test_a_fault_empties_the_batch(faulty: str) -> None:
    set_fault(faulty, {"kind": "no_people"})
    answer = get(f"{faulty}/api/?results=2&seed=a")
    assert answer["results"] == []
    assert answer["info"]["version"] == "1.4"


def test_a_fault_removes_logins(faulty: str) -> None:
    set_fault(faulty, {"kind": "no_login", "times": 2})
    people = get(f"{faulty}/api/?results=2&seed=a")["results"]
    assert len(people) == 2
    assert not [person for person in people if "login" in person]
    assert get(f"{faulty}/api/?results=1&inc=login,nat")["results"][0].keys() == {"nat"}


def test_an_unknown_fault_is_refused(faulty: str) -> None:
    with pytest.raises(HTTPError, match="400"):
        set_fault(faulty, {"kind": "flood"})
    assert get(f"{faulty}/faults") == {"fault": None}
