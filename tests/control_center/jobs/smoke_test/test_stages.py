"""The stages of a smoke test: each compares every field of the followed rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.kafka.change import Event
from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord
from control_center.health.runner import Runner
from control_center.jobs.smoke_test import from_table
from control_center.jobs.smoke_test.checks import CheckFailedError, Checks
from control_center.jobs.smoke_test.follow import Follower
from control_center.jobs.smoke_test.followed import Followed
from control_center.jobs.smoke_test.stages import Stages
from control_center.jobs.smoke_test.topic import EventHistory, TopicEvent, TopicFollower
from control_center.pipeline.row_repository import Row
from tests.control_center.in_memory_clients import InMemoryClients, order, person
from tests.control_center.sample_tables import ORDERS, USERS

KEYS = [f"0d5f1c2e-0000-4000-8000-00000000000{last}" for last in "ab"]
ROWS: Mapping[str, Row] = {key: person(key, "Oslo") for key in KEYS}


class InMemoryTopic:
    """The events of the followed rows."""

    def __init__(self, *events: TopicEvent) -> None:
        self.history, self.undecodable = EventHistory(), 0
        for event in events:
            self.history.add(event)

    def count(self) -> int:
        return len(self.history)


def event(row: Row, version: int, offset: int) -> TopicEvent:
    change = Event(str(row[0]), row, False, version, version, 0, "c")
    return TopicEvent(change, TopicOffset(0, offset))


EVENTS = [event(ROWS[key], 5 + place, place) for place, key in enumerate(KEYS)]


def probe() -> ProbeResult:
    return ProbeResult("kafka", ProbeState.OK, "answers", "kafka-1")


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """Two users in every store."""
    clients = InMemoryClients(tmp_path)
    clients.database.rows["users"] = dict(ROWS)
    clients.store.rows["users"] = {
        key: (row, (5 + place, 0, 0, place)) for place, (key, row) in enumerate(ROWS.items())
    }
    now = datetime.now(UTC)
    clients.store.records = [BatchRecord(1, now, now, {0: 0}, {0: 9}, 2, 0, 0, "abc", "driver-1")]
    return clients


def stages(
    clients: InMemoryClients, checks: Checks, *events: TopicEvent, once: bool = True
) -> Stages:
    follower = Follower(Runner({"kafka": probe}), stall_s=0.05, pause_s=0.01)
    topic = cast(TopicFollower, InMemoryTopic(*(events or EVENTS)))
    return Stages(clients, USERS, checks, follower, Followed(ROWS, topic, once))


def test_rows_that_are_equal_everywhere(clients: InMemoryClients) -> None:
    checks = Checks()
    followed = stages(clients, checks)
    followed.topic()
    followed.cassandra()
    assert [(row.check, row.ok) for row in checks.rows] == [
        ("PostgreSQL = topic", True),
        ("no event twice on the topic", True),
        ("topic = Cassandra", True),
        ("Cassandra holds the newest version", True),
    ]
    assert checks.rows[0].evidence == "2 of 2 equal in every field, 0 missing, 0 differing"


def test_a_row_that_differs_on_the_topic_is_named_with_its_column(clients: InMemoryClients) -> None:
    checks = Checks()
    wrong = event(person(KEYS[0], "Bern"), 5, 0)
    with pytest.raises(CheckFailedError, match="the topic holds other rows than PostgreSQL"):
        stages(clients, checks, wrong, EVENTS[1]).topic()
    assert checks.rows[-1].details["differing_first"] == {KEYS[0]: ["city"]}


def test_a_row_that_applications_change_meanwhile_is_left_out(
    clients: InMemoryClients, capsys: pytest.CaptureFixture[str]
) -> None:
    clients.database.rows["users"][KEYS[0]] = person(KEYS[0], "Lyon")
    checks = Checks()
    followed = stages(clients, checks, once=False)
    followed.topic()
    followed.cassandra()
    assert "1 rows have changed meanwhile" in capsys.readouterr().out
    assert checks.rows[0].evidence.startswith("1 of 1 equal")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda rows: rows.pop(KEYS[0]), "Cassandra holds other rows than the topic"),
        (
            lambda rows: rows.update({KEYS[0]: (person(KEYS[0], "Bern"), (5, 0, 0, 0))}),
            "Cassandra holds other rows than the topic",
        ),
        (
            lambda rows: rows.update({KEYS[0]: (ROWS[KEYS[0]], (4, 0, 0, 0))}),
            "1 rows do not have their newest version",
        ),
    ],
    ids=["missing", "changed", "older"],
)
def test_a_fault_in_cassandra_fails(
    clients: InMemoryClients, spoil: Callable[[dict[str, Any]], object], message: str
) -> None:
    spoil(clients.store.rows["users"])
    followed = stages(clients, Checks())
    followed.topic()
    with pytest.raises(CheckFailedError, match=message):
        followed.cassandra()


def test_an_event_that_was_delivered_twice_fails(clients: InMemoryClients) -> None:
    with pytest.raises(CheckFailedError, match="1 events are on the topic twice"):
        stages(clients, Checks(), *EVENTS, event(ROWS[KEYS[0]], 5, 7)).topic()


def test_a_row_without_an_event_stalls(clients: InMemoryClients) -> None:
    with pytest.raises(CheckFailedError, match="topic has 1 of 2 rows"):
        stages(clients, Checks(), EVENTS[0]).topic()


def test_existing_rows_of_a_table_without_a_source_are_requested_again(
    clients: InMemoryClients,
) -> None:
    rows = {f'["{name}",1]': order(name, 1) for name in "abc"}
    clients.database.rows["orders"] = dict(rows)
    checks = Checks()
    followed = from_table.follow(clients, ORDERS, checks, 2)
    assert list(followed.rows) == ['["a",1]', '["b",1]']
    [(_, _, data)] = clients.database.signals
    [condition] = json.loads(data)["additional-conditions"]
    assert "'b'::text, '1'::int4" in condition["filter"] and "'c'" not in condition["filter"]
    assert checks.rows[0].evidence == "2 rows are sent again"
    assert not followed.once


def test_an_empty_table_has_nothing_to_follow(clients: InMemoryClients) -> None:
    checks = Checks()
    assert from_table.follow(clients, ORDERS, checks, 2).rows == {}
    assert clients.database.signals == []
    assert checks.rows[0].evidence.startswith("0 rows: ")
