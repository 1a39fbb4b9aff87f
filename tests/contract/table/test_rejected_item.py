"""What is kept of an item that cannot become a row: no secret, and only what jsonb can hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from contract.table.rejected_item import rejected_item
from tests.contract.table.things import USERS, table

Person = dict[str, Any]


def test_a_reject_has_no_secret_wherever_it_stands(people: list[Person]) -> None:
    assert "SECRET" in json.dumps(people)
    kept = [rejected_item(USERS, person) for person in people]
    assert "SECRET" not in json.dumps(kept)
    assert kept[0]["login"] == {
        "uuid": "b25124b3-cd58-477d-8365-6a42f620507e",
        "username": "happyfrog438",
    }
    assert kept[0]["name"] == people[0]["name"]
    for login in ("SECRET", ["SECRET"], {"uuid": "u", "Passwort": "SECRET"}, [{"x": "SECRET"}]):
        assert "SECRET" not in json.dumps(rejected_item(USERS, {"login": login}))
    hidden = {"x": [{"password": "SECRET", "salt": "SECRET", "sha1": "SECRET"}]}
    assert rejected_item(USERS, hidden) == {"x": [{}]}


def test_a_dropped_path_loses_all_that_no_column_reads() -> None:
    source = '[source]\nurl = "http://a"\ndrop = ["a.b", "tags.secret", "gone"]'
    dropped = table('c = "int4 from a.b.c"', source=source)
    item = {
        "id": 1,
        "a": {"b": {"c": 2, "d": "SECRET"}, "e": 3},
        "tags": [{"secret": "SECRET", "x": 1}],
        "gone": {"x": "SECRET"},
    }
    assert rejected_item(dropped, item) == {
        "id": 1,
        "a": {"b": {"c": 2}, "e": 3},
        "tags": [{"x": 1}],
    }


def test_values_that_jsonb_cannot_hold_are_replaced() -> None:
    odd = {
        "a\0": "\ud83d",
        "n": float("nan"),
        "deep": json.loads("[" * 100 + "]" * 100),
        "number": [Decimal("0.1"), Decimal("0.10000000000000000000000001"), Decimal("1E999")],
    }
    kept = rejected_item(USERS, odd)
    assert kept["a\ufffd"] == "\ufffd"
    assert kept["n"] == "nan"
    assert kept["number"] == [0.1, "0.10000000000000000000000001", "1E+999"]
    assert "deeper" in json.dumps(kept, allow_nan=False)


@pytest.mark.parametrize("wrap", [lambda value: {"a": value}, lambda value: [value]])
def test_the_first_twenty_levels_are_kept(wrap: Callable[[Any], Any]) -> None:
    def nested(levels: int, value: str) -> Any:
        for _ in range(levels):
            value = wrap(value)
        return value

    assert rejected_item(USERS, nested(20, "kept")) == nested(20, "kept")
    assert rejected_item(USERS, nested(21, "lost")) == nested(21, "(deeper than 20 levels)")


def test_a_login_of_another_type_is_replaced_by_its_type() -> None:
    assert rejected_item(USERS, {"login": ["SECRET"]}) == {"login": "(a list)"}
