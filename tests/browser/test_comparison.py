"""Differences are shown by key: rows hidden, changed, added, reverted, and a skipped offset."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP
from tests.browser.visitor import Visitor
from tests.harness.kafka import TOPIC, records
from tests.harness.platform import Platform
from tests.harness.rows import version_of
from tests.harness.spark import skip, without_driver
from tests.harness.tables import USERS
from tests.harness.wait import eventually

NOTHING = "\N{EN DASH}"
OLDEST = 1  # write timestamp: before every commit


def write(platform: Platform, statement: str) -> None:
    with platform.cassandra("spark") as session:
        session.execute(statement)


def hide(platform: Platform, key: str) -> None:
    at = version_of(platform, USERS, key) + 1
    write(platform, f"DELETE FROM users USING TIMESTAMP {at} WHERE id = {key}")


def change(platform: Platform, key: str) -> None:
    at = version_of(platform, USERS, key) + 1
    write(platform, f"UPDATE users USING TIMESTAMP {at} SET city = 'x' WHERE id = {key}")


def add(platform: Platform) -> str:
    key = str(uuid.uuid4())
    write(platform, f"INSERT INTO users (id, city) VALUES ({key}, 'x') USING TIMESTAMP {OLDEST}")
    return key


def revert(platform: Platform, key: str) -> None:
    """Write Cassandra's row as it was before an update over the newer one."""
    with platform.cassandra("spark") as session:
        query = "SELECT * FROM users WHERE id = %s"
        before = session.execute(query, [UUID(key)]).one()._asdict()
        version = version_of(platform, USERS, key)
        platform.sql("UPDATE public.users SET city = city || ' again' WHERE id = %s", [key])
        newer = eventually(
            lambda: (at := version_of(platform, USERS, key)) > version and at, "the update", 120
        )
        marks = ", ".join(["%s"] * len(before))
        session.execute(
            f"INSERT INTO users ({', '.join(before)}) VALUES ({marks}) USING TIMESTAMP {newer + 1}",
            list(before.values()),
        )


def drop(platform: Platform) -> tuple[str, str]:
    """Insert a row whose message the job skips; returns its key and "partition : offset"."""
    key = str(uuid.uuid4())
    columns = ", ".join(USERS.names[1:])
    with without_driver(platform):
        platform.sql(
            f"INSERT INTO public.users (id, {columns}) SELECT %s, {columns} FROM public.users "
            "LIMIT 1",
            [key],
        )
        record = eventually(
            lambda: next(
                (record for record in records(platform, TOPIC) if record.uuid_key == key),
                None,
            ),
            "the row on the topic",
            60,
        )
        partition, offset = record.position.partition, record.position.offset
        skip(platform, USERS, partition, offset)
    return key, f"{partition} : {offset}"


@pytest.fixture
def quiet(platform: Platform, keys: list[str]) -> Iterator[None]:
    """No new rows, and all rows have arrived: the job is at the end of the topic."""
    platform.pause("ingest_users", True)
    platform.end_runs("ingest_users")

    def still() -> bool:
        before = platform.count()
        time.sleep(15)  # a task that has just ended may store one more page
        return platform.count() == before

    eventually(still, "no new rows", 120, 0)
    platform.assert_equal_everywhere()
    yield
    platform.pause("ingest_users", False)


def row(visitor: Visitor, key: str) -> list[str]:
    """The cells beside a differing key."""
    link = visitor.page.get_by_role("link", name=key)
    link.wait_for(timeout=180_000)
    cells = visitor.page.get_by_role("row").filter(has=link).get_by_role("cell")
    return cells.all_inner_texts()[1:]


@pytest.mark.timeout(900)
def test_differences_are_shown_by_key(visit: Visit, quiet: None, keys: list[str]) -> None:
    visitor = visit("operator", **DESKTOP)
    platform = visitor.platform
    hidden, changed, reverted = keys[-3:]
    dropped, position = drop(platform)
    hide(platform, hidden)
    change(platform, changed)
    added = add(platform)
    revert(platform, reverted)

    visitor.open("/?table=users")
    visitor.page.get_by_role("button", name="Compare now").click()
    assert row(visitor, hidden)[:2] == ["Cassandra", NOTHING]
    assert row(visitor, changed)[:2] == [NOTHING, "Cassandra: city"]
    assert row(visitor, added)[:2] == ["PostgreSQL, Topic", NOTHING]
    old = row(visitor, reverted)
    assert old[:2] == [NOTHING, "Cassandra: city"]
    assert old[2] != old[3], "the position of Cassandra's older version"
    assert row(visitor, dropped) == ["Cassandra", NOTHING, position, NOTHING]
    visitor.page.get_by_text("5 rows differ").wait_for()
    visitor.page.get_by_role("link", name=hidden).scroll_into_view_if_needed()
    visitor.picture("differing")
    visitor.page.get_by_role("button", name="Repair what differs").click()
    visitor.page.get_by_role("dialog").get_by_text("5 rows differed").wait_for()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Yes, repair").click()
    visitor.page.get_by_text("all three stores are equal in every field").wait_for(timeout=180_000)
    assert visitor.problems == []


@pytest.mark.timeout(600)
def test_a_restart_does_not_forget_the_last_comparison(visit: Visit, keys: list[str]) -> None:
    visitor = visit("operator", **DESKTOP)
    visitor.platform.assert_equal_everywhere()
    visitor.open("/?table=users")
    before = visitor.page.get_by_text("all three stores are equal in every field").inner_text()
    with visitor.platform.stopped("control-center"):
        pass
    visitor.open("/?table=users")
    after = visitor.page.get_by_text("all three stores are equal in every field")
    after.wait_for()
    assert after.inner_text().split(" (")[0] == before.split(" (")[0]
    assert " ago)" in after.inner_text()
