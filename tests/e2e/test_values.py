"""PostgreSQL refuses values that could not arrive unchanged; all other values arrive unchanged."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest

from contract.table.kinds.text import Text
from tests.harness.platform import Platform
from tests.harness.rows import await_gone, await_row, insert, new_id, row
from tests.harness.settings import long
from tests.harness.tables import USERS
from tests.harness.unguarded import UnguardedTable

TEXTS = [column.name for column in USERS.columns if isinstance(column.kind, Text)]
DATES = {
    "1582-10-15 00:00:00+00": -12_219_292_800_000,
    "1969-12-31 23:59:59.999+00": -1,
    "9999-12-31 23:59:59.999+00": 253_402_300_799_999,
}
PAGE = 8192  # bytes of a page of PostgreSQL
DOUBLES = [0.0, -0.0, 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308, 0.1]
FOUR_BYTES = "\U000e0100"  # a character of 4 bytes in UTF-8


def large(seed: str) -> dict[str, Any]:
    """Column → (query, argument): texts that fit no page of PostgreSQL and do not compress."""
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
    rows = {text: row(USERS, date_of_birth=text, registered_at=text) for text in DATES}
    insert(platform, USERS, *rows.values())
    for text, milliseconds in DATES.items():
        expected = {"date_of_birth": milliseconds, "registered_at": milliseconds}
        await_row(platform, USERS, rows[text]["id"], **expected)


@pytest.mark.usefixtures("_flowing")
def test_doubles_and_integers_arrive_to_the_last_bit(platform: Platform) -> None:
    rows = [
        row(USERS, latitude=repr(value), longitude=repr(-value), street_number=number)
        for value, number in zip(DOUBLES, [0, -1, 2**31 - 1, -(2**31), 1, 2], strict=True)
    ]
    insert(platform, USERS, *rows)
    for values in rows:
        await_row(
            *(platform, USERS, values["id"]),
            latitude=float(values["latitude"]),
            longitude=float(values["longitude"]),
            street_number=values["street_number"],
        )


@pytest.mark.usefixtures("_flowing")
def test_texts_arrive_to_the_last_byte(platform: Platform) -> None:
    longest = FOUR_BYTES * 255
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
    values = row(USERS, **texts)
    insert(platform, USERS, values)
    await_row(platform, USERS, values["id"], **texts)


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
def test_postgres_refuses_values_that_could_not_arrive(
    platform: Platform, column: str, value: str
) -> None:
    values = row(USERS)
    with pytest.raises(psycopg2.errors.CheckViolation, match="users_"):
        insert(platform, USERS, values | {column: value})
    insert(platform, USERS, values)
    with pytest.raises(psycopg2.errors.CheckViolation, match="users_"):
        platform.sql(f"UPDATE public.users SET {column} = %s WHERE id = %s", [value, values["id"]])
    platform.sql("DELETE FROM public.users WHERE id = %s", [values["id"]])


def _insert_large(platform: Platform, key: str) -> dict[str, str]:
    """Insert a row whose values PostgreSQL keeps in its TOAST table; column → value."""
    insert(platform, USERS, row(USERS, id=key))
    for name, (query, seed) in large(key).items():
        platform.sql(f"UPDATE public.users SET {name} = ({query}) WHERE id = %s", [seed, key])
    return _texts(platform, key)


def _texts(platform: Platform, key: str) -> dict[str, str]:
    query = f"SELECT {', '.join(TEXTS)} FROM public.users WHERE id = %s"
    return dict(zip(TEXTS, platform.sql(query, [key])[0], strict=True))


@pytest.mark.usefixtures("_flowing")
def test_an_update_of_a_large_row_arrives(platform: Platform) -> None:
    key = new_id()
    texts = _insert_large(platform, key)
    assert sum(len(text.encode()) for text in texts.values()) > 2 * PAGE
    await_row(platform, USERS, key, **texts)
    platform.sql("UPDATE public.users SET gender = 'other' WHERE id = %s", [key])
    await_row(platform, USERS, key, **texts | {"gender": "other"})
    new_key = new_id()
    platform.sql("UPDATE public.users SET id = %s WHERE id = %s", [new_key, key])
    await_row(platform, USERS, new_key, **texts | {"gender": "other"})
    await_gone(platform, USERS, key)


@pytest.mark.usefixtures("_flowing")
def test_a_row_that_became_smaller_arrives(platform: Platform) -> None:
    """The row was written before PostgreSQL logged unchanged large values; it is smaller now."""
    key = new_id()
    with UnguardedTable(platform):
        _insert_large(platform, key)
        small = ", ".join(f"{name} = ''" for name in TEXTS[3:])
        platform.sql(f"UPDATE public.users SET {small} WHERE id = %s", [key])
    platform.sql("UPDATE public.users SET gender = 'other' WHERE id = %s", [key])
    await_row(platform, USERS, key, **_texts(platform, key))


@long
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("_flowing")
def test_repair_delivers_a_large_row(platform: Platform) -> None:
    key = new_id()
    with UnguardedTable(platform):
        texts = _insert_large(platform, key)
        platform.sql("UPDATE public.users SET gender = 'other' WHERE id = %s", [key])
        platform.sql("UPDATE public.users SET city = 'Oslo' WHERE id = %s", [key])
    repaired = platform.command("repair", JSON="1", TABLE=USERS.name)
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    await_row(platform, USERS, key, **texts | {"gender": "other", "city": "Oslo"})
