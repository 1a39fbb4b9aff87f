"""An erased person is in no store any more, or listed with a date, and nothing brings them back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from contract.kafka import retention
from contract.stores.cassandra import table as cassandra
from contract.stores.postgres import rejects
from contract.stores.postgres import table as postgres
from contract.table.key import row_key
from control_center.jobs.erase.traces import DELETION
from tests.harness import rows
from tests.harness.kafka import DEAD_LETTERS, TOPIC, records
from tests.harness.platform import Platform
from tests.harness.rows import await_gone, await_row, in_cassandra, insert, new_id
from tests.harness.superuser import execute
from tests.harness.tables import USERS
from tests.harness.wait import eventually

STORES = {"postgres", "rejects", "topic", "dead letters", "cassandra"}


class Person:
    """A row of users with values that no other row has, and what tests plant of it elsewhere."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.marker = f"marker{new_id().replace('-', '')}"
        self.row = rows.row(USERS, city=self.marker, email=f"{self.marker}@example.org")
        self.key = row_key(USERS, self.row)

    def insert(self) -> None:
        insert(self.platform, USERS, self.row)
        await_row(self.platform, USERS, self.key, city=self.marker)

    def plant(self) -> None:
        """In every store: a rejected item and a dead letter too."""
        self.insert()
        item = {"login": {"uuid": self.key}, "location": {"city": self.marker}, "name": None}
        statement = rejects.INSERT.replace("VALUES %s", "VALUES (%s, %s, %s, %s, %s, %s, %s)")
        values = (USERS.name, "test", self.key[:8], 1, 0, "name: missing", json.dumps(item))
        self.platform.sql(statement, values)
        done = self.platform.command("dead-letter", TABLE=USERS.name, KEY=self.key)
        assert done.returncode == 0, done.stdout + done.stderr

    def stores_with_it(self) -> set[str]:
        """The stores in whose contents the bytes of the marker or of the key are."""
        return {name for name, content in self._contents() if self._is_in(content)}

    def _is_in(self, content: Iterator[bytes]) -> bool:
        wanted = (self.marker.encode(), self.key.encode())
        return any(text in part for part in content for text in wanted)

    def _contents(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        platform = self.platform
        for name, relation in (
            ("postgres", postgres.qualified(USERS)),
            ("rejects", "riada.rejects"),
        ):
            query = f"SELECT stored::text FROM {relation} AS stored"
            yield name, (row[0].encode() for row in platform.sql(query, role="observer"))
        for name, topic in (("topic", TOPIC), ("dead letters", DEAD_LETTERS)):
            yield (
                name,
                (
                    (record.key or b"") + (record.value or b"") + repr(record.headers).encode()
                    for record in records(platform, topic)
                ),
            )
        with platform.cassandra() as session:
            yield (
                "cassandra",
                (repr(row).encode() for row in session.execute(cassandra.select_all(USERS))),
            )


def erase(platform: Platform, code: int = 0, **variables: str) -> dict[str, Any]:
    done = platform.command("erase", JSON="1", TABLE=USERS.name, **variables)
    assert done.returncode == code, done.stdout + done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def counts(result: dict[str, Any]) -> list[int]:
    return [result[name] for name in ("postgres", "rejects", "dead_letters", "cassandra")]


@pytest.mark.timeout(1500)
def test_a_person_is_found_before_and_gone_or_listed_with_its_date_after(
    platform: Platform,
) -> None:
    person, other = Person(platform), Person(platform)
    other.plant()
    person.plant()
    assert person.stores_with_it() == STORES

    result = erase(platform, KEY=person.key)
    assert (result["ok"], result["remains"], counts(result)) == (True, [], [1, 1, 1, 1])
    assert person.stores_with_it() == {"topic"}
    assert other.stores_with_it() == STORES
    now = datetime.now(timezone.utc)
    [listed] = [trace for trace in result["traces"] if f"on topic {TOPIC}," in trace["what"]]
    until = datetime.fromisoformat(listed["until"].replace("Z", "+00:00"))
    latest = now + retention.TOPIC + retention.SEGMENT + DELETION
    assert latest - timedelta(minutes=5) < until <= latest
    assert {trace["store"] for trace in result["traces"]} >= {"postgres", "cassandra", "backups"}

    again = erase(platform, KEY=person.key)
    assert (counts(again), again["erased_at"]) == ([0, 0, 0, 0], result["erased_at"])
    answer = platform.control_center("POST", f"/api/tables/{USERS.name}/dead-letters/send", {})
    assert answer["ok"]
    assert person.stores_with_it() == {"topic"}
    _assert_gone_from_the_disk(platform, person)
    platform.assert_equal_everywhere()


def _assert_gone_from_the_disk(platform: Platform, person: Person) -> None:
    """Brokers delete the segments of the dead letters by themselves."""

    def is_gone() -> bool:
        folder = f"/var/lib/kafka/log/{DEAD_LETTERS}-0"
        searched = platform.exec_in("kafka-1", "grep", "-rlaF", person.key, folder)
        return not searched.stdout

    eventually(is_gone, "no segment has the erased row", DELETION.total_seconds(), pause_s=5)


@pytest.mark.timeout(900)
def test_a_restored_postgresql_brings_nobody_back(platform: Platform) -> None:
    """PostgreSQL as it is after a restore: it has the row, and not the record of its erasure."""
    person, returned = Person(platform), Person(platform)
    for each in (person, returned):
        each.insert()
        assert erase(platform, KEY=each.key)["postgres"] == 1
    insert(platform, USERS, returned.row)  # after the erasure: the same person comes again
    newest = "SELECT mark FROM riada.erasures ORDER BY erased_at DESC LIMIT 2"
    [_, (mark,)] = platform.sql(newest, role="observer")
    execute(platform, f"DELETE FROM riada.erasures WHERE mark = '{mark}'")
    insert(platform, USERS, person.row)
    await_row(platform, USERS, person.key, city=person.marker)

    def is_asked() -> bool:
        sentence = platform.control_center("GET", "/api/status")["sentence"]
        assert f"make erase TABLE={USERS.name} AGAIN=1" in sentence, sentence
        return True

    eventually(is_asked, "status asks to erase again", 60)
    result = erase(platform, AGAIN="1")
    assert (result["ok"], result["erasures"], result["postgres"], result["cassandra"]) == (
        True,
        1,
        1,
        1,
    )
    await_gone(platform, USERS, person.key)
    assert platform.sql(f"SELECT 1 FROM {postgres.qualified(USERS)} WHERE id = %s", [returned.key])
    assert erase(platform, AGAIN="1")["erasures"] == 0
    platform.assert_status_ok()
    assert erase(platform, KEY=returned.key)["postgres"] == 1
    platform.assert_equal_everywhere()


def test_a_row_that_only_cassandra_has_is_erased(platform: Platform) -> None:
    key = new_id()
    with platform.cassandra("spark") as session:
        session.execute(f"INSERT INTO users (id, city) VALUES ({key}, 'x') USING TIMESTAMP 1")
        assert in_cassandra(session, USERS, key)
        assert counts(erase(platform, KEY=key)) == [0, 0, 0, 1]
        assert in_cassandra(session, USERS, key) is None


def test_no_log_and_no_result_has_the_key(platform: Platform) -> None:
    person = Person(platform)
    person.insert()
    result = erase(platform, KEY=person.key)
    assert person.key not in json.dumps(result)
    log = platform.command("logs", S="control-center")
    assert log.returncode == 0
    assert '"action": "erase"' in log.stdout
    assert person.key not in log.stdout
    state = "/var/lib/control-center"
    searched = platform.exec_in("control-center", "grep", "-rlaF", person.key, state)
    assert searched.stdout == ""


@pytest.mark.parametrize(
    ("variables", "words"),
    [({"KEY": "x"}, "id is not a value of uuid"), ({}, "TABLE and KEY, or AGAIN=1, are needed")],
)
def test_a_wrong_key_is_refused(platform: Platform, variables: dict[str, str], words: str) -> None:
    done = platform.command("erase", TABLE=USERS.name, **variables)
    assert done.returncode == 1
    assert words in done.stderr
