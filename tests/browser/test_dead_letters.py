"""1,000 dead letters, sent again once their cause is mended: all arrive, once."""

from __future__ import annotations

import json
import uuid
from uuid import UUID

import pytest

from cli.http import call
from tests.browser.conftest import Visit
from tests.browser.test_pages import DESK
from tests.harness.kafka import DEAD_LETTERS, TOPIC, produce_all, records
from tests.harness.letters import register
from tests.harness.platform import Platform
from tests.harness.wait import eventually

LETTERS = 1000


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
    key, value = next(
        (key, value)
        for message in records(platform, TOPIC)
        if (key := message.key()) and (value := message.value()) and value[:1] == b"\0"
    )
    known = int.from_bytes(value[1:5], "big")
    registry = f"{platform.here.url('schema-registry')}/apis/ccompat/v7"
    schema = json.loads(call("GET", f"{registry}/schemas/ids/{known}")["schema"])
    # The registry numbers its schemas: the next one has the next number.
    marker = {"type": "record", "name": f"Marker{uuid.uuid4().hex}", "fields": []}
    coming = register(platform, marker, f"marker-{uuid.uuid4().hex}-value") + 1
    prefix = b"\0" + coming.to_bytes(4, "big")
    old = key[-36:]  # the UUID's text is the last of a key's Avro
    ids = [str(uuid.uuid4()) for _ in range(LETTERS)]
    before = letters(platform)
    produce_all(
        platform,
        [
            (key.replace(old, one), prefix + value[5:].replace(old, one, 1))
            for one in (text.encode() for text in ids)
        ],
    )
    eventually(lambda: letters(platform) == before + LETTERS, "all are dead letters", 120, 2)
    assert arrived(platform, ids) == 0

    visitor.open("/dead-letters")
    visitor.reads(f"unknown schema id {coming}")
    visitor.picture("dead-letters")
    assert register(platform, schema | {"doc": f"mended {uuid.uuid4()}"}) == coming
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

    platform.job("repair")  # PostgreSQL never knew them
    assert arrived(platform, ids) == 0
    platform.assert_equal_everywhere()
