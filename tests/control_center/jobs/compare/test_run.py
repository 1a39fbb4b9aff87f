"""The result of a comparison."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from contract.jobs.compare import CompareRequest, CompareResult, KeyDifference, StoreSummary
from contract.kafka.offsets import TopicOffset
from control_center.jobs.compare.outcome import Outcome
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.reconcile import reconcile
from control_center.jobs.compare.run import compare, to_result, verified_result
from control_center.pipeline import verified
from tests.control_center.in_memory_clients import (
    InMemoryClients,
    InMemoryMessage,
    event,
    message_key,
    person,
)
from tests.control_center.jobs.compare.in_memory import (
    POISON,
    InMemoryReader,
    SteppingClock,
    message,
    row_digest,
)
from tests.control_center.sample_tables import DEAD_LETTERS, ORDERS, TOPIC, USERS

KEY = KeyDifference("a", ("cassandra",), {})


def test_equal_stores_with_every_offset_accounted_for_are_ok() -> None:
    reader = InMemoryReader()
    reader.store("a", 1, "Oslo")
    result = to_result(USERS, reconcile(reader, SteppingClock()).outcome(), [])
    assert (result.ok, result.equal, result.differing) == (True, True, 0)
    store = StoreSummary(1, f"{row_digest('a', 'Oslo'):032x}")
    assert result.postgres == result.topic == result.cassandra == store
    assert result.took_s >= 0
    assert (result.offsets.events, result.expired_from_topic) == (1, 0)


def test_each_store_has_its_own_summary() -> None:
    reader = InMemoryReader()
    reader.store("a", 1, "Oslo")
    reader.users["b"] = reader.users["c"] = "Bern"
    reader.rows.clear()
    result = to_result(USERS, reconcile(reader, SteppingClock()).outcome(), [KEY])
    counts = (result.postgres.count, result.topic.count, result.cassandra.count)
    assert counts == (3, 1, 0)
    assert (result.ok, result.equal, result.differing) == (False, False, 3)
    assert result.keys == (KEY,)


def test_equal_stores_with_a_lost_message_are_not_ok() -> None:
    reader = InMemoryReader()
    reader.topic = {0: [POISON]}
    result = to_result(USERS, reconcile(reader, SteppingClock()).outcome(), [])
    assert (result.ok, result.equal) == (False, True)
    assert result.offsets.unaccounted == 1
    reader.dead_letters = [message(0, 0)]
    assert to_result(USERS, reconcile(reader, SteppingClock()).outcome(), []).ok


def test_expired_rows_are_counted() -> None:
    reader = InMemoryReader()
    reader.store("a", 1, "Oslo")
    reader.topic = {0: [None]}
    result = to_result(USERS, reconcile(reader, SteppingClock()).outcome(), [])
    assert (result.ok, result.expired_from_topic) == (True, 1)


A, B = (person(f"0d5f1c2e-0000-4000-8000-00000000000{last}", "Oslo") for last in "ab")


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """A platform with one row in all stores, in capture's epoch 3."""
    clients = InMemoryClients(tmp_path)
    clients.database.rows["users"] = {A[0]: A}
    clients.database.epoch = (3, "snapshot", datetime(2026, 11, 22, tzinfo=UTC))
    clients.broker.add(TOPIC, 0, InMemoryMessage(message_key(A), event(A, 5)))
    clients.broker.topics[DEAD_LETTERS] = {0: []}
    clients.store.rows["users"] = {A[0]: (A, (5, 0, 0, 0))}
    return clients


def compared(clients: InMemoryClients) -> CompareResult:
    reader = PlatformReader(clients, USERS)
    return verified_result(clients, USERS, lambda: reconcile(reader, SteppingClock()).outcome())


def test_equal_stores_verify_the_epoch_of_capture(clients: InMemoryClients) -> None:
    assert verified.read(clients, USERS) == 0
    assert compared(clients).ok
    assert verified.read(clients, USERS) == 3
    assert verified.at(clients, USERS) is not None
    assert (verified.read(clients, ORDERS), verified.at(clients, ORDERS)) == (0, None)


def test_the_job_compares_the_platform_of_its_settings(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_center.jobs.compare.run.Clients", lambda: clients)
    result = compare(CompareRequest("users"))
    assert (result.table, result.ok, result.postgres.count) == ("users", True, 1)
    assert result.offsets.read == 1
    assert verified.read(clients, USERS) == 3


def test_before_the_first_epoch_none_is_verified(clients: InMemoryClients) -> None:
    clients.database.epoch = None
    assert compared(clients).ok
    assert verified.read(clients, USERS) == 0


def test_a_difference_verifies_nothing_and_is_described(clients: InMemoryClients) -> None:
    wrong = person(A[0], "Bern")
    clients.store.rows["users"] = {A[0]: (wrong, (4, 0, 0, 8)), B[0]: (B, (None, None, None, None))}
    result = compared(clients)
    assert verified.read(clients, USERS) == 0
    changed, added = result.keys
    assert changed.fields == {"topic": (), "cassandra": ("city",)}
    assert (changed.newest_event, changed.cassandra_event) == (TopicOffset(0, 0), TopicOffset(0, 8))
    assert added.missing == ("postgres", "topic")
    assert (added.fields, added.newest_event, added.cassandra_event) == ({}, None, None)


def test_a_deleted_row_has_no_row_on_the_topic(clients: InMemoryClients) -> None:
    clients.broker.add(TOPIC, 0, InMemoryMessage(message_key(A), event(A, 6, deleted=True)))
    clients.database.rows["users"] = {}
    [key] = compared(clients).keys
    assert key.missing == ("postgres", "topic")
    assert (key.fields, key.newest_event) == ({}, TopicOffset(0, 1))


def test_an_event_that_retention_deletes_meanwhile_has_no_row(clients: InMemoryClients) -> None:
    clients.store.rows["users"] = {}

    def reconciled_late() -> Outcome:
        comparison = reconcile(PlatformReader(clients, USERS), SteppingClock()).outcome()
        clients.broker.deleted = {(TOPIC, 0): 1}
        return comparison

    [key] = verified_result(clients, USERS, reconciled_late).keys
    assert (key.missing, key.fields) == (("cassandra",), {})


def test_the_first_20_keys_are_described(clients: InMemoryClients) -> None:
    rows = [person(str(UUID(int=number)), "Oslo") for number in range(30)]
    clients.database.rows["users"] |= {row[0]: row for row in rows}
    result = compared(clients)
    assert (result.differing, len(result.keys)) == (30, 20)
    assert [key.key for key in result.keys] == [row[0] for row in rows[:20]]
