"""Updates and deletes arrive in the order of their commits; a replay changes nothing."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import pytest

from tests.harness.platform import Platform
from tests.harness.replay import replay
from tests.harness.rows import new_text, value_of
from tests.harness.tables import USERS
from tests.harness.wait import eventually

LIMIT_S = 120


@pytest.fixture(scope="module")
def ids(platform: Platform) -> list[str]:
    """Ids of rows that these tests may change."""
    platform.await_run(platform.ingest(30))
    return [str(row[0]) for row in platform.sql("SELECT id FROM public.users LIMIT 30")]


def _await_city(platform: Platform, number: str, city: str | None) -> None:
    eventually(
        lambda: value_of(platform, USERS, number, "city") == city, f"{number}: {city}", LIMIT_S
    )


def test_update_arrives(platform: Platform, ids: list[str]) -> None:
    city = new_text()
    platform.sql("UPDATE public.users SET city = %s WHERE id = %s", [city, ids[0]])
    _await_city(platform, ids[0], city)


def test_a_delete_and_a_later_insert_arrive(platform: Platform, ids: list[str]) -> None:
    columns = ", ".join(USERS.names)
    row = platform.sql(f"SELECT {columns} FROM public.users WHERE id = %s", [ids[1]])[0]
    platform.sql("DELETE FROM public.users WHERE id = %s", [ids[1]])
    _await_city(platform, ids[1], None)
    values = ", ".join(["%s"] * len(USERS.names))
    platform.sql(f"INSERT INTO public.users ({columns}) VALUES ({values})", row)
    _await_city(platform, ids[1], row[USERS.names.index("city")])


REMAINING = """\
import sys
from pathlib import Path
from contract.stream.deployed import deployed
from riada_stream.settings import Settings
from riada_stream.sink.cassandra_connection import CassandraConnection
from riada_stream.sink.cassandra_session import CassandraSession
from riada_stream.sink.cassandra_store import CassandraStore
from riada_stream.sink.change import Change
table = deployed(Path("/artifacts")).tables["users"]
lines = (line.split() for line in sys.stdin)
deletes = [Change((number,), int(version), 0, 0) for number, version in lines]
store = CassandraStore(CassandraSession(CassandraConnection(Settings("test")), table))
print(*(change.key[0] for change in store.undeleted(deletes)))
"""


def test_rows_that_survive_their_deletes_are_reported(platform: Platform, ids: list[str]) -> None:
    numbers = [UUID(number) for number in ids[3:5]]
    written = _written(platform, numbers)
    surviving, newer = numbers
    deletes = [(surviving, written[surviving][0] + 1), (newer, written[newer][0] - 1)]
    remaining = platform.run_in(
        *("spark-worker-1", "env", "PYTHONPATH=/artifacts/current/spark:/artifacts/current"),
        *("/opt/venv/bin/python", "-c", REMAINING),
        text="".join(f"{number} {version}\n" for number, version in deletes),
    )
    assert remaining.split() == [str(surviving)]


def test_rapid_changes_end_with_the_last_one(platform: Platform, ids: list[str]) -> None:
    cities = [new_text() for _ in range(50)]
    for city in cities:
        platform.sql("UPDATE public.users SET city = %s WHERE id = %s", [city, ids[2]])
    _await_city(platform, ids[2], cities[-1])


def test_commit_order_decides_not_the_order_of_begins(platform: Platform, ids: list[str]) -> None:
    """T1 begins and writes first, T2 commits first, then T1 commits: Cassandra has both changes."""
    update = "UPDATE public.users SET city = %s WHERE id = %s"
    first, second = new_text(), new_text()
    with platform.postgres() as t1, platform.postgres() as t2:
        t1.cursor().execute(update, [first, ids[3]])
        t2.cursor().execute(update, [second, ids[4]])
        t2.commit()
        _await_city(platform, ids[4], second)
        assert value_of(platform, USERS, ids[3], "city") != first, "T1 has not committed"
        t1.commit()
    _await_city(platform, ids[3], first)
    assert value_of(platform, USERS, ids[4], "city") == second


@pytest.mark.timeout(1200)
def test_full_replay_changes_nothing(platform: Platform, ids: list[str]) -> None:
    platform.assert_equal_everywhere()
    numbers = [UUID(number) for number in ids]
    before = _written(platform, numbers)
    replay(platform)
    platform.assert_equal_everywhere()
    assert _written(platform, numbers) == before


def _written(platform: Platform, numbers: list[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """Id → write timestamp, position of its event, and city."""
    query = "SELECT id, writetime(city), source_lsn, topic_offset, city FROM users WHERE id = %s"
    with platform.cassandra() as session:
        rows = [session.execute(query, [number]).one() for number in numbers]
    return {row.id: tuple(row)[1:] for row in rows if row}


def test_rows_stay_equal_after_all_this(platform: Platform) -> None:
    time.sleep(1)
    platform.assert_equal_everywhere()
