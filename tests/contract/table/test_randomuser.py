from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from contract.table.columns import COLUMNS, NAMES, PERSONAL
from contract.table.randomuser import row, without_secrets

Person = dict[str, Any]


def put(person: Person, path: str, value: Any) -> Person:
    *parents, name = path.split(".")
    target = person
    for parent in parents:
        target = target[parent]
    target[name] = value
    return person


def test_every_real_person_has_a_row(people: list[Person]) -> None:
    rows = [row(person) for person in people]
    assert len(rows) == 500
    assert len({values[0] for values in rows}) == 500
    assert {type(person["location"]["postcode"]) for person in people} == {int, str}
    assert {values[NAMES.index("id_value")] is None for values in rows} == {True, False}
    types = {"uuid": str, "text": str, "int": int, "double": float, "timestamp": datetime}
    for values in rows:
        for column, value in zip(COLUMNS, values):
            assert type(value) is types[column.kind] or (value is None and column.nullable)


def test_row(person: Person) -> None:
    values = dict(zip(NAMES, row(person)))
    assert values["id"] == "b25124b3-cd58-477d-8365-6a42f620507e"
    assert values["postcode"] == "28136"
    assert (values["latitude"], values["longitude"]) == (3.1635, -48.4445)
    assert values["date_of_birth"] == datetime(1983, 2, 18, 19, 45, 6, 219000, timezone.utc)
    assert values["date_of_birth"].tzinfo is timezone.utc
    assert values["nat"] == "IE"


@pytest.mark.parametrize(
    ("path", "given", "column", "stored"),
    [
        ("login.uuid", "B25124B3-CD58-477D-8365-6A42F620507E", "id", None),
        ("location.postcode", "SB2 7ZS", "postcode", "SB2 7ZS"),
        ("location.postcode", 0, "postcode", "0"),
        ("location.postcode", 1 - 10**18, "postcode", "-" + "9" * 18),
        ("name.first", "زهرا 👩‍🚀", "first_name", "زهرا 👩‍🚀"),
        ("name.first", "", "first_name", ""),
        ("id.value", None, "id_value", None),
        ("id", None, "id_name", None),
        ("location.coordinates.latitude", 12, "latitude", 12.0),
        ("dob.date", "2000-02-29T23:59:59.9999Z", "date_of_birth", "2000-02-29T23:59:59.999+00:00"),
        ("dob.date", "2000-01-01T00:00:00+02:00", "date_of_birth", "1999-12-31T22:00:00+00:00"),
    ],
)
def test_accepted(person: Person, path: str, given: Any, column: str, stored: Any) -> None:
    value = row(put(person, path, given))[NAMES.index(column)]
    if column == "id":
        stored = given.lower()
    if column == "date_of_birth":
        stored = datetime.fromisoformat(stored)
    assert value == stored


@pytest.mark.parametrize(
    ("path", "value", "cause"),
    [
        ("location.postcode", [1], "is a list, not text or an integer"),
        ("location.postcode", 1.5, "is a fraction, not text or an integer"),
        ("location.postcode", 10**18, "longer than 255 characters"),
        ("location.postcode", 10**400, "longer than 255 characters"),
        ("location.postcode", None, "missing"),
        ("location", [], "missing, its parent is a list, not an object"),
        ("location", None, "missing, its parent is null, not an object"),
        ("login.uuid", "b25124b3cd58477d83656a42f620507e", "not a UUID"),
        ("login.uuid", 7, "is an integer, not text"),
        ("name.first", 7, "is an integer, not text"),
        ("name.first", {}, "is an object, not text"),
        ("name.first", b"a", "is bytes, not text"),
        ("name.first", "a\0", "holds a NUL character or half a surrogate pair"),
        ("name.first", "\ud83d", "holds a NUL character or half a surrogate pair"),
        ("email", "x" * 256, "longer than 255 characters"),
        ("location.street.number", True, "is a boolean, not an integer"),
        ("location.street.number", "12", "is text, not an integer"),
        ("location.street.number", 2**31, "does not fit 32 bits"),
        ("location.coordinates.latitude", "north", "is text, not a finite decimal number"),
        (
            "location.coordinates.latitude",
            float("nan"),
            "is a fraction, not a finite decimal number",
        ),
        (
            "location.coordinates.latitude",
            float("inf"),
            "is a fraction, not a finite decimal number",
        ),
        ("location.coordinates.latitude", "1_0", "is text, not a finite decimal number"),
        ("dob.date", "1983-02-18", "is text, not an ISO 8601 instant with its time zone"),
        ("dob.date", "1983-02-18T19:45:06", "is text, not an ISO 8601 instant with its time zone"),
        ("dob.date", "1983-02-30T19:45:06Z", "no such date"),
        ("dob.date", "0001-01-01T00:00:00+10:00", "no such date"),
        (
            "registered.date",
            1176019045094,
            "is an integer, not an ISO 8601 instant with its time zone",
        ),
    ],
)
def test_rejected(person: Person, path: str, value: Any, cause: str) -> None:
    with pytest.raises(ValueError, match=rf"^{path}[\w.]*: {cause}$"):
        row(put(person, path, value))


@pytest.mark.parametrize("person", [None, [], "x", 1, {}])
def test_a_value_that_is_not_a_person_is_rejected(person: Any) -> None:
    with pytest.raises(ValueError, match=r"^login\.uuid: missing"):
        row(person)


ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1e400,
    "",
    "x",
    "x" * 300,
    "\0",
    [],
    [[]],
    {},
    {"date": {}},
]


def test_any_odd_value_gives_a_row_or_a_reason(person: Person) -> None:
    paths = {column.path for column in COLUMNS}
    paths |= {path.rpartition(".")[0] for path in paths} - {""}
    for path in paths:
        for value in ODD:
            changed = put(json.loads(json.dumps(person)), path, value)
            try:
                row(changed)
            except ValueError as error:
                assert str(error).startswith(path)
                assert "SECRET" not in str(error)
            json.dumps(without_secrets(changed), allow_nan=False).encode()


def test_secrets_are_stripped_wherever_they_stand(people: list[Person]) -> None:
    assert "SECRET" in json.dumps(people)
    assert "SECRET" not in json.dumps(without_secrets(people))
    assert without_secrets(people[0])["login"] == {
        "uuid": "b25124b3-cd58-477d-8365-6a42f620507e",
        "username": "happyfrog438",
    }
    for login in ("SECRET", ["SECRET"], {"uuid": "u", "Passwort": "SECRET"}):
        assert "SECRET" not in json.dumps(without_secrets({"login": login}))


def test_values_that_jsonb_cannot_hold_are_replaced() -> None:
    odd = {"a\0": "\ud83d", "n": float("nan"), "deep": json.loads("[" * 100 + "]" * 100)}
    kept = without_secrets(odd)
    assert kept["a\ufffd"] == "\ufffd"
    assert kept["n"] == "nan"
    assert "deeper" in json.dumps(kept, allow_nan=False)


@pytest.mark.parametrize("wrap", [lambda value: {"a": value}, lambda value: [value]])
def test_the_first_twenty_levels_are_kept(wrap: Callable[[Any], Any]) -> None:
    def nested(levels: int, value: str) -> Any:
        for _ in range(levels):
            value = wrap(value)
        return value

    assert without_secrets(nested(20, "kept")) == nested(20, "kept")
    assert without_secrets(nested(21, "lost")) == nested(21, "(deeper than 20 levels)")


def test_a_login_of_another_type_is_replaced_by_its_type() -> None:
    assert without_secrets({"login": ["SECRET"]}) == {"login": "(list)"}


def test_personal_columns() -> None:
    assert {"email", "first_name", "phone", "latitude", "id_value"} <= PERSONAL
    assert PERSONAL.isdisjoint({"id", "country", "registered_at", "nat"})
