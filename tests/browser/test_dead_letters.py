"""300 dead letters, sent again once their cause is mended: all arrive, once."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESK
from tests.harness.kafka import DEAD_LETTERS, produce_all, records
from tests.harness.people import insert_many
from tests.harness.platform import Platform
from tests.harness.schemas import UnknownSchema
from tests.harness.wait import eventually

LETTERS = 300
"""Fewer than what halts the stream."""


def letters(platform: Platform) -> int:
    return sum(1 for _ in records(platform, DEAD_LETTERS))


def arrived(platform: Platform, ids: list[str]) -> int:
    with platform.cassandra() as session:
        query = session.prepare("SELECT id FROM users WHERE id = ?")
        return sum(session.execute(query, [UUID(one)]).one() is not None for one in ids)


@pytest.mark.timeout(900)
def test_letters_of_an_unknown_schema(visit: Visit, people: list[str]) -> None:
    visitor = visit("operator", **DESK)
    platform = visitor.platform
    ids = insert_many(platform, LETTERS)  # of people whom PostgreSQL does not hold none is sent
    eventually(lambda: arrived(platform, ids) == LETTERS, "all in Cassandra", 120, 2)
    platform.await_run(platform.ingest(1))
    platform.assert_status_ok()
    unknown = UnknownSchema(platform)
    with platform.cassandra("spark") as session:
        for one in ids:
            session.execute(
                f"DELETE FROM users USING TIMESTAMP {unknown.version - 1} WHERE id = {one}"
            )
    before = letters(platform)
    produce_all(platform, [unknown.message_of(one) for one in ids])
    eventually(lambda: letters(platform) == before + LETTERS, "all are dead letters", 120, 2)
    assert arrived(platform, ids) == 0

    visitor.open("/dead-letters")
    visitor.reads(f"unknown schema id {unknown.id}")
    visitor.picture("dead-letters")
    unknown.become_known()
    visitor.page.get_by_role("button", name="Send all again").click()
    visitor.reads(f"{LETTERS:,} sent again")
    eventually(lambda: arrived(platform, ids) == LETTERS, "all in Cassandra", 120, 2)
    assert letters(platform) == before + LETTERS, "none came back"

    visitor.page.get_by_role("button", name="Send all again").click()
    visitor.reads(f"{before + LETTERS:,} were sent before")
    assert arrived(platform, ids) == LETTERS
    lines = platform.control_center("GET", "/api/audit")["audit"]
    sent = [line["details"]["sent"] for line in lines if line["action"] == "send again"]
    assert sent[:2] == [0, LETTERS]
    assert visitor.problems == []

    platform.job("repair")  # their letters were another person's
    platform.assert_equal_everywhere()
