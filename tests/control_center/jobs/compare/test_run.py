"""The result of a comparison."""

from __future__ import annotations

from contract.jobs.compare import KeyDifference, StoreSummary
from contract.kafka.offsets import TopicOffset
from control_center.jobs.compare.reconcile import reconcile
from control_center.jobs.compare.run import to_result
from tests.control_center.jobs.compare.in_memory import (
    POISON,
    InMemoryReader,
    SteppingClock,
    row_digest,
)

KEY = KeyDifference("a", ("cassandra",), {})


def test_equal_stores_with_every_offset_accounted_for_are_ok() -> None:
    reader = InMemoryReader()
    reader.store("a", 1, "Oslo")
    result = to_result(reconcile(reader, SteppingClock()), [])
    assert (result.ok, result.equal, result.differing) == (True, True, 0)
    store = StoreSummary(1, f"{row_digest('a', 'Oslo'):032x}")
    assert result.postgres == result.topic == result.cassandra == store
    assert (result.offsets.events, result.expired_from_topic) == (1, 0)


def test_each_store_has_its_own_summary() -> None:
    reader = InMemoryReader()
    reader.store("a", 1, "Oslo")
    reader.users["b"] = reader.users["c"] = "Bern"
    reader.rows.clear()
    result = to_result(reconcile(reader, SteppingClock()), [KEY])
    counts = (result.postgres.count, result.topic.count, result.cassandra.count)
    assert counts == (3, 1, 0)
    assert (result.ok, result.equal, result.differing) == (False, False, 3)
    assert result.keys == (KEY,)


def test_equal_stores_with_a_lost_message_are_not_ok() -> None:
    reader = InMemoryReader()
    reader.topic = {0: [POISON]}
    result = to_result(reconcile(reader, SteppingClock()), [])
    assert (result.ok, result.equal) == (False, True)
    assert result.offsets.unaccounted == 1
    reader.dead_letters = [TopicOffset(0, 0)]
    assert to_result(reconcile(reader, SteppingClock()), []).ok


def test_expired_people_are_counted() -> None:
    reader = InMemoryReader()
    reader.store("a", 1, "Oslo")
    reader.topic = {0: [None]}
    result = to_result(reconcile(reader, SteppingClock()), [])
    assert (result.ok, result.expired_from_topic) == (True, 1)
