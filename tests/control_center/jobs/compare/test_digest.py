"""A digest changes with every field, and their sum is the checksum of the rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contract.table.digest import checksum, digest
from control_center.jobs.compare.digest import summary
from tests.control_center.sample_tables import USERS

VALUES: dict[str, Any] = {
    "uuid": "b25124b3-cd58-477d-8365-6a42f620507e",
    "text": "Ana",
    "int": 7,
    "double": 3.1635,
    "timestamp": datetime(1983, 2, 18, 19, 45, 6, 219000, tzinfo=UTC),
}
OTHERS: dict[str, Any] = {
    "uuid": UUID(int=1),
    "text": "Bo",
    "int": 8,
    "double": 3.1636,
    "timestamp": "2001-01-01",
}


def person(**changes: Any) -> tuple[Any, ...]:
    return tuple(
        changes.get(column.name, VALUES[column.kind.cassandra]) for column in USERS.columns
    )


def test_the_sum_of_digests_is_the_checksum_of_the_rows() -> None:
    rows = [person(city=name) for name in ("Clane", "Lyon", "Essen", "Oslo", "Bern")]
    expected, actual = checksum(USERS, rows), summary(digest(USERS, row) for row in rows)
    assert (actual.count, int(actual.checksum, 16)) == (expected.count, expected.total)


def test_a_checksum_has_32_digits() -> None:
    assert summary([]).checksum == "0" * 32
    assert summary([0xAB]).checksum == "ab".rjust(32, "0")
    assert summary([2**128 - 1, 3]).checksum == "2".rjust(32, "0")


def test_every_field_counts() -> None:
    for column in USERS.columns:
        changed = person(**{column.name: OTHERS[column.kind.cassandra]})
        assert digest(USERS, changed) != digest(USERS, person()), column.name
