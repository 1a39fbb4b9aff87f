"""Whatever PostgreSQL takes arrives unchanged, and what could not is refused by PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest

from contract.table.columns import COLUMNS
from tests.harness.kafka import DEAD_LETTERS, records
from tests.harness.people import (
    await_gone,
    await_person,
    in_cassandra,
    insert,
    new_id,
    person,
    version_of,
)
from tests.harness.platform import Platform
from tests.harness.superuser import apply_tables, change, execute
from tests.harness.wait import eventually

TEXTS = [column.name for column in COLUMNS if column.kind == "text"]
DATES = {
    "1582-10-15 00:00:00+00": -12_219_292_800_000,
    "1969-12-31 23:59:59.999+00": -1,
    "9999-12-31 23:59:59.999+00": 253_402_300_799_999,
}
PAGE = 8192
"""Bytes of a page of PostgreSQL."""
DOUBLES = [0.0, -0.0, 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308, 0.1]
UNDOCUMENTED = "\U000e0100"
"""A character of 4 bytes in UTF-8."""


def large(seed: str) -> dict[str, Any]:
    """Texts of a row that no page of PostgreSQL holds, and that do not compress."""
    query = (
        "SELECT string_agg("
        "chr(131072 + ('x' || substr(md5(%s || n), 1, 4))::bit(16)::int %% 40000), '')"
        " FROM generate_series(1, 255) n"
    )
    return {name: (query, f"{seed}{name}") for name in TEXTS if name not in ("gender", "city")}


@pytest.fixture(scope="module")
def _flowing(platform: Platform) -> None:
    platform.assert_status_ok()


@pytest.mark.usefixtures("_flowing")
def test_the_first_and_the_last_moment_arrive_unchanged(platform: Platform) -> None:
    people = {text: person(date_of_birth=text, registered_at=text) for text in DATES}
    insert(platform, *people.values())
    for text, milliseconds in DATES.items():
        await_person(
            platform, people[text]["id"], date_of_birth=milliseconds, registered_at=milliseconds
        )


@pytest.mark.usefixtures("_flowing")
def test_doubles_and_integers_arrive_to_the_last_bit(platform: Platform) -> None:
    people = [
        person(latitude=repr(value), longitude=repr(-value), street_number=number)
        for value, number in zip(DOUBLES, [0, -1, 2**31 - 1, -(2**31), 1, 2], strict=True)
    ]
    insert(platform, *people)
    for one in people:
        await_person(
            platform,
            one["id"],
            latitude=float(one["latitude"]),
            longitude=float(one["longitude"]),
            street_number=one["street_number"],
        )


@pytest.mark.usefixtures("_flowing")
def test_texts_arrive_to_the_last_byte(platform: Platform) -> None:
    longest = UNDOCUMENTED * 255
    texts = {
        "email": longest,
        "country": longest,
        "city": "",
        "state": "e\u0301\u0327",  # not composed into one character
        "first_name": "\u0001\u001f\u007f\u0085\u2028\ufffe\uffff",
        "last_name": " \t\r\n ",
        "id_name": None,
        "id_value": "",
    }
    one = person(**texts)
    insert(platform, one)
    await_person(platform, one["id"], **texts)


OUTSIDE = [
    ("date_of_birth", "infinity"),
    ("date_of_birth", "-infinity"),
    ("date_of_birth", "0044-03-15 00:00:00+00 BC"),
    ("date_of_birth", "0001-12-31 23:59:59.999+00 BC"),
    ("date_of_birth", "0001-01-01 00:00:00+00"),
    ("date_of_birth", "1500-01-01 00:00:00+00"),
    ("registered_at", "1582-10-14 23:59:59.999+00"),
    ("registered_at", "10000-01-01 00:00:00+00"),
    ("registered_at", "9999-12-31 23:59:59.9996+00"),
    ("latitude", "NaN"),
    ("latitude", "Infinity"),
    ("longitude", "-Infinity"),
    ("city", "__debezium_unavailable_value"),
    ("id_value", "__debezium_unavailable_value"),
]


@pytest.mark.parametrize(("column", "value"), OUTSIDE, ids=lambda part: str(part))
def test_postgres_refuses_what_could_not_arrive(
    platform: Platform, column: str, value: str
) -> None:
    one = person()
    with pytest.raises(psycopg2.errors.CheckViolation, match="users_"):
        insert(platform, one | {column: value})
    insert(platform, one)
    with pytest.raises(psycopg2.errors.CheckViolation, match="users_"):
        platform.sql(f"UPDATE public.users SET {column} = %s WHERE id = %s", [value, one["id"]])
    platform.sql("DELETE FROM public.users WHERE id = %s", [one["id"]])


def _insert_large(platform: Platform, key: str) -> dict[str, str]:
    """A person whose values PostgreSQL keeps in its TOAST table; column → value."""
    insert(platform, person(id=key))
    for name, (query, seed) in large(key).items():
        platform.sql(f"UPDATE public.users SET {name} = ({query}) WHERE id = %s", [seed, key])
    return _texts(platform, key)


def _texts(platform: Platform, key: str) -> dict[str, str]:
    row = platform.sql(f"SELECT {', '.join(TEXTS)} FROM public.users WHERE id = %s", [key])[0]
    return dict(zip(TEXTS, row, strict=True))


@pytest.mark.usefixtures("_flowing")
def test_an_update_of_a_large_row_arrives(platform: Platform) -> None:
    key = new_id()
    texts = _insert_large(platform, key)
    assert sum(len(text.encode()) for text in texts.values()) > 2 * PAGE
    await_person(platform, key, **texts)
    platform.sql("UPDATE public.users SET gender = 'other' WHERE id = %s", [key])
    await_person(platform, key, **texts | {"gender": "other"})
    other = new_id()
    platform.sql("UPDATE public.users SET id = %s WHERE id = %s", [other, key])
    await_person(platform, other, **texts | {"gender": "other"})
    await_gone(platform, key)


@pytest.mark.usefixtures("_flowing")
def test_a_row_that_was_large_before_arrives_too(platform: Platform) -> None:
    """Written before PostgreSQL logged unchanged large values, and smaller since."""
    key = new_id()
    with AsBefore(platform):
        _insert_large(platform, key)
        small = ", ".join(f"{name} = ''" for name in TEXTS[3:])
        platform.sql(f"UPDATE public.users SET {small} WHERE id = %s", [key])
    platform.sql("UPDATE public.users SET gender = 'other' WHERE id = %s", [key])
    await_person(platform, key, **_texts(platform, key))


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("_flowing")
def test_repair_brings_a_large_row(platform: Platform) -> None:
    key = new_id()
    with AsBefore(platform):
        texts = _insert_large(platform, key)
        platform.sql("UPDATE public.users SET gender = 'other' WHERE id = %s", [key])
        platform.sql("UPDATE public.users SET city = 'Oslo' WHERE id = %s", [key])
    repaired = platform.command("repair", JSON="1")
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    await_person(platform, key, **texts | {"gender": "other", "city": "Oslo"})


class AsBefore:
    """PostgreSQL's table as releases before this one made it: no constraint, no trigger."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def __enter__(self) -> None:
        drops = execute(
            self._platform,
            "SELECT format('ALTER TABLE public.users DROP CONSTRAINT %I;', conname)"
            " FROM pg_constraint WHERE conrelid = 'public.users'::regclass AND contype = 'c';\n"
            "SELECT format('DROP TRIGGER %I ON public.users;', tgname)"
            " FROM pg_trigger WHERE tgrelid = 'public.users'::regclass AND NOT tgisinternal;",
        )
        change(self._platform, drops)

    def __exit__(self, *_: object) -> None:
        self.warnings = apply_tables(self._platform)


ODD: dict[str, dict[str, str]] = {
    "1500": {"date_of_birth": "1500-01-01 00:00:00+00"},
    "BC": {"date_of_birth": "0044-03-15 00:00:00+00 BC"},
    "year 12024": {"date_of_birth": "12024-01-01 00:00:00+00"},
    "infinity": {"registered_at": "infinity"},
    "-infinity": {"registered_at": "-infinity"},
    "NaN": {"latitude": "NaN", "longitude": "-Infinity"},
    "year 290000": {"registered_at": "290000-01-01 00:00:00+00"},
}


@dataclass(frozen=True)
class Stored:
    """Name of ODD → id of a person with these values; what PostgreSQL's next start warns of."""

    ids: dict[str, str]
    warnings: str


@pytest.fixture
def odd(platform: Platform) -> Iterator[Stored]:
    """People who were stored before there were constraints."""
    people = {name: person(**values) for name, values in ODD.items()}
    before = AsBefore(platform)
    with before:
        insert(platform, *people.values())
    keys = {name: one["id"] for name, one in people.items()}
    yield Stored(keys, before.warnings)
    platform.sql("DELETE FROM public.users WHERE id = ANY(%s::uuid[])", [list(keys.values())])
    apply_tables(platform)


def new_epoch(platform: Platform) -> None:
    """Every row again, from a snapshot."""
    capture = "cd /opt/manager && python -m capture new-epoch"
    platform.run_in("connect", "sh", "-c", capture)


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("_flowing")
def test_an_odd_value_that_is_stored_costs_only_its_own_row(
    platform: Platform, odd: Stored
) -> None:
    hidden = person()
    insert(platform, hidden)
    await_person(platform, hidden["id"], city="Riada")
    before = version_of(platform, hidden["id"])
    new_epoch(platform)
    eventually(lambda: version_of(platform, hidden["id"]) > before, "the snapshot's row", 120)
    with platform.cassandra("riada") as session:
        later = version_of(platform, hidden["id"]) + 1
        session.execute(f"DELETE FROM users USING TIMESTAMP {later} WHERE id = {hidden['id']}")

    compared = platform.command("compare", JSON="1")
    assert compared.returncode == 1, compared.stdout + compared.stderr
    differing = {key["id"]: key for key in json.loads(compared.stdout)["keys"]}
    assert hidden["id"] in differing
    assert differing.keys() <= {hidden["id"], *odd.ids.values()}

    repaired = platform.command("repair", JSON="1")
    result = json.loads(repaired.stdout)
    await_person(platform, hidden["id"], city="Riada")
    left = {key["id"] for key in result["keys"]}
    assert left <= set(odd.ids.values())
    assert result["outside_domain"] == len(left), result

    for key in odd.ids.values():
        way = platform.control_center("GET", f"/api/person/{key}")
        assert way["id"] == key
        platform.control_center("GET", f"/api/versions/{key}")

    assert "users_latitude_is_finite" in odd.warnings
    assert "SELECT public.validate_users()" in odd.warnings
    status = platform.control_center("GET", "/api/status")
    assert "validate_users" in json.dumps(status), "status does not name the rows' remedy"

    for key in odd.ids.values():
        platform.sql(
            "UPDATE public.users SET date_of_birth = '2000-01-01', registered_at = '2000-01-01',"
            " latitude = 0, longitude = 0 WHERE id = %s",
            [key],
        )
    platform.assert_equal_everywhere()
    assert execute(platform, "SELECT public.validate_users()") == ""
    platform.assert_status_ok()


@pytest.mark.usefixtures("_flowing")
def test_an_odd_value_on_the_topic_is_a_dead_letter_with_its_reason(
    platform: Platform, odd: Stored
) -> None:
    def reasons() -> dict[str, str]:
        found = {}
        for message in records(platform, DEAD_LETTERS):
            for name, key in odd.ids.items():
                if key.encode() in (message.key() or b""):
                    headers = dict(message.headers() or [])
                    found[name] = headers["reason"].decode()
        assert found.keys() == ODD.keys(), found
        return found

    found = eventually(reasons, "a dead letter for each odd value", 120, pause_s=3)
    for name, values in ODD.items():
        for column in values:
            assert column in found[name], (name, found[name])
    with platform.cassandra() as session:
        assert all(in_cassandra(session, key) is None for key in odd.ids.values())
