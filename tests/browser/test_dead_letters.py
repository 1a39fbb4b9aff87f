"""300 dead letters, replayed after the repair of their cause: all arrive, each once."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP
from tests.harness.kafka import DEAD_LETTERS, produce_many, records
from tests.harness.platform import Platform
from tests.harness.rows import insert_many
from tests.harness.schemas import UnknownSchema
from tests.harness.tables import USERS
from tests.harness.wait import eventually

COUNT = 300  # fewer than the number that halts the stream


def dead_letters(platform: Platform) -> int:
    return sum(1 for _ in records(platform, DEAD_LETTERS))


def arrived(platform: Platform, ids: list[str]) -> int:
    with platform.cassandra() as session:
        query = session.prepare("SELECT id FROM users WHERE id = ?")
        return sum(session.execute(query, [UUID(id_)]).one() is not None for id_ in ids)


@pytest.mark.timeout(900)
def test_dead_letters_of_an_unknown_schema(visit: Visit, keys: list[str]) -> None:
    visitor = visit("operator", **DESKTOP)
    platform = visitor.platform
    # dead letters of rows that PostgreSQL does not hold are not replayed
    ids = insert_many(platform, USERS, COUNT)
    eventually(lambda: arrived(platform, ids) == COUNT, "all in Cassandra", 120, 2)
    platform.await_run(platform.ingest(1))
    platform.assert_status_ok()
    unknown = UnknownSchema(platform)
    with platform.cassandra("spark") as session:
        for id_ in ids:
            session.execute(
                f"DELETE FROM users USING TIMESTAMP {unknown.version - 1} WHERE id = {id_}"
            )
    before = dead_letters(platform)
    produce_many(platform, [unknown.message_of(id_) for id_ in ids])
    eventually(lambda: dead_letters(platform) == before + COUNT, "all are dead letters", 120, 2)
    assert arrived(platform, ids) == 0

    visitor.open("/dead-letters?table=users")
    visitor.await_text(f"unknown schema id {unknown.id}")
    visitor.picture("dead-letters")
    unknown.become_known()
    visitor.confirm("Send all again", f"Yes, send {COUNT:,}")
    visitor.await_text(f"{COUNT:,} sent again")
    eventually(lambda: arrived(platform, ids) == COUNT, "all in Cassandra", 120, 2)
    assert dead_letters(platform) == before + COUNT, "no message became a dead letter again"

    assert visitor.page.get_by_role("button", name="Send all again").is_disabled()
    send = platform.control_center("POST", "/api/tables/users/dead-letters/send", {})
    assert (send["sent"], send["sent_before"]) == (0, before + COUNT)
    assert arrived(platform, ids) == COUNT
    lines = platform.control_center("GET", "/api/audit")["audit"]
    replays = [
        line for line in lines if (line["action"], line["outcome"]) == ("send again", "done")
    ]
    sent = [line["details"]["sent"] for line in replays]
    assert sent[:2] == [0, COUNT]
    assert visitor.problems == []

    platform.job("repair")  # the messages carry another row's values
    platform.assert_equal_everywhere()
