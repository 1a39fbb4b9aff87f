"""A row that differs: columns by store, without any value."""

from __future__ import annotations

from contract.kafka.offsets import TopicOffset
from control_center.jobs.compare.key_differences import key_difference
from tests.control_center.jobs.compare.in_memory import row
from tests.control_center.sample_tables import USERS

KEY = "0d5f1c2e-0000-4000-8000-00000000000a"
NEWEST, OLDER = TopicOffset(0, 9), TopicOffset(0, 4)


def test_columns_are_compared_with_postgresql() -> None:
    rows = {
        "postgres": row(KEY, "Oslo"),
        "topic": row(KEY, "Oslo"),
        "cassandra": row(KEY, "Bern"),
    }
    difference = key_difference(USERS, KEY, [], rows, NEWEST, OLDER)
    assert (difference.key, difference.missing) == (KEY, ())
    assert difference.fields == {"topic": (), "cassandra": ("city",)}
    assert (difference.newest_event, difference.cassandra_event) == (NEWEST, OLDER)
    assert "Bern" not in str(difference)


def test_without_postgresql_columns_are_compared_with_the_topic() -> None:
    rows = {"postgres": None, "topic": row(KEY, "Oslo"), "cassandra": row(KEY, "Bern")}
    difference = key_difference(USERS, KEY, ["postgres"], rows, NEWEST, None)
    assert difference.fields == {"cassandra": ("city",)}
    assert difference.missing == ("postgres",)
    assert difference.outside_domain == ()


def test_a_row_in_no_store_has_no_columns() -> None:
    rows = {"postgres": None, "topic": None, "cassandra": None}
    difference = key_difference(USERS, KEY, ["postgres", "topic", "cassandra"], rows, None, None)
    assert difference.fields == {}


def test_columns_outside_the_domain_are_named() -> None:
    values = list(row(KEY, "Oslo"))
    values[USERS.names.index("latitude")] = float("nan")  # type: ignore[call-overload]
    rows = {"postgres": tuple(values), "topic": None, "cassandra": None}
    assert "latitude" in key_difference(USERS, KEY, [], rows, None, None).outside_domain
