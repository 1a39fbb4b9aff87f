"""The comparison while rows are in flight: what is read again, what is excluded, when it ends."""

from __future__ import annotations

import pytest

from contract.jobs.compare import OffsetGap
from control_center.jobs.compare.digest import summary
from control_center.jobs.compare.reconcile import CONVERGENCE_TIMEOUT_S, expired_keys, reconcile
from control_center.jobs.compare.store_digests import StoreDigests
from tests.control_center.jobs.compare.in_memory import (
    InMemoryReader,
    SteppingClock,
    batch,
    change,
    row_digest,
)


@pytest.fixture
def reader() -> InMemoryReader:
    """Two rows that are everywhere."""
    reader = InMemoryReader()
    reader.store("a", 1, "Oslo")
    reader.store("b", 2, "Bern")
    return reader


def test_equal_stores_are_read_once(
    reader: InMemoryReader, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SteppingClock()
    comparison = reconcile(reader, clock)
    assert comparison.mismatches == comparison.expired == set()
    assert comparison.stores.topic == {
        "a": row_digest("a", "Oslo"),
        "b": row_digest("b", "Bern"),
    }
    assert comparison.stores.postgres == comparison.stores.topic == comparison.stores.cassandra
    assert comparison.topic.offsets.complete
    assert clock.sleeps == 0
    assert '] users: all three stores are equal"}' in capsys.readouterr().out


def test_a_row_in_flight_matches_once_it_has_arrived(reader: InMemoryReader) -> None:
    reader.users["c"] = "Lyon"

    def published() -> None:
        reader.topic[0].append(change("c", 3, "Lyon"))

    def written() -> None:
        reader.rows["c"] = "Lyon"

    clock = SteppingClock(published, written)
    comparison = reconcile(reader, clock)
    assert comparison.mismatches == set()
    assert clock.sleeps == 2
    assert comparison.stores.cassandra["c"] == row_digest("c", "Lyon")
    assert comparison.topic.offsets.complete


def test_offsets_that_the_job_has_not_written_are_not_read(reader: InMemoryReader) -> None:
    reader.users["a"] = "Lyon"
    reader.topic[0].append(change("a", 3, "Lyon"))
    reader.unwritten = 1

    def written() -> None:
        reader.rows["a"], reader.unwritten = "Lyon", 0

    comparison = reconcile(reader, SteppingClock(lambda: None, written))
    assert comparison.mismatches == set()
    assert comparison.topic.offsets.read == 3


def test_a_row_deleted_meanwhile_is_in_no_store(reader: InMemoryReader) -> None:
    del reader.users["a"]

    def deleted() -> None:
        reader.topic[0].append(change("a", 3, None))
        del reader.rows["a"]

    comparison = reconcile(reader, SteppingClock(deleted))
    assert comparison.mismatches == set()
    assert "a" not in comparison.stores.postgres
    assert "a" not in comparison.stores.topic
    assert "a" not in comparison.stores.cassandra


def test_keys_that_appear_later_are_ignored(reader: InMemoryReader) -> None:
    del reader.rows["a"]

    def others() -> None:
        reader.users["new"] = "Rome"
        reader.topic[0].append(change("new", 9, "Rome"))

    comparison = reconcile(reader, SteppingClock(others))
    assert comparison.mismatches == {"a"}
    assert "new" not in comparison.stores.postgres
    assert comparison.topic.newest.get("new") is None


def test_a_key_that_stays_different_is_reported_after_the_timeout(
    reader: InMemoryReader, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.rows["a"] = "wrong"
    clock = SteppingClock()
    comparison = reconcile(reader, clock)
    assert comparison.mismatches == {"a"}
    assert clock.sleeps == CONVERGENCE_TIMEOUT_S + 1
    output = capsys.readouterr().out
    assert "1 keys still differ: reading them again" in output
    assert "users: 1 keys differ" in output


def test_every_key_that_matches_starts_the_timeout_again(reader: InMemoryReader) -> None:
    reader.rows.clear()

    def first() -> None:
        reader.rows["a"] = "Oslo"

    late = [lambda: None] * int(CONVERGENCE_TIMEOUT_S - 1)
    clock = SteppingClock(*late, first)
    comparison = reconcile(reader, clock)
    assert comparison.mismatches == {"b"}
    assert clock.sleeps == len(late) + 1 + CONVERGENCE_TIMEOUT_S + 1


def test_more_mismatches_do_not_start_the_timeout_again(reader: InMemoryReader) -> None:
    reader.rows["a"] = "wrong"
    clock = SteppingClock(*[lambda: reader.users.update(a="other")] * 60)
    reconcile(reader, clock)
    assert clock.sleeps == CONVERGENCE_TIMEOUT_S + 1


def test_a_difference_is_reported_once_what_was_committed_has_arrived(
    reader: InMemoryReader,
) -> None:
    reader.rows["a"], reader.passes_after = "wrong", 3
    clock = SteppingClock()
    assert reconcile(reader, clock).mismatches == {"a"}
    assert clock.sleeps == 4


def test_a_row_that_arrives_just_before_the_barrier_is_read_once_more(
    reader: InMemoryReader,
) -> None:
    reader.users["a"], reader.passes_after = "Lyon", 0

    def arrives() -> None:
        reader.rows["a"] = "Lyon"
        reader.topic[0].append(change("a", 3, "Lyon"))

    assert reconcile(reader, SteppingClock(arrives)).mismatches == set()


def test_a_row_that_changes_meanwhile_waits_for_another_barrier(reader: InMemoryReader) -> None:
    reader.users["a"], reader.passes_after = "Lyon", 1

    def changes() -> None:
        reader.users["a"] = "Rome"

    def arrives() -> None:
        reader.rows["a"] = "Rome"
        reader.topic[0].append(change("a", 3, "Rome"))

    clock = SteppingClock(changes, lambda: None, arrives)
    assert reconcile(reader, clock).mismatches == set()
    assert (reader.barriers, clock.sleeps) == (2, 3)


def test_a_row_that_changes_all_the_time_is_equal(reader: InMemoryReader) -> None:
    """Cassandra is always one change behind."""
    reader.passes_after = 2
    numbers = iter(range(1, 100))

    def changes() -> None:
        number = next(numbers)
        if number > 1:
            reader.rows["a"], reader.positions["a"] = f"city {number - 1}", number - 1
            reader.topic[0].append(change("a", number + 2, f"city {number - 1}"))
        reader.users["a"], reader.position = f"city {number}", number

    changes()
    clock = SteppingClock(*[changes] * 60)
    comparison = reconcile(reader, clock)
    assert comparison.mismatches == set()
    assert (reader.barriers, clock.sleeps) == (1, 3)
    summaries = {summary(digests.values()) for digests in comparison.stores.by_name().values()}
    assert len(summaries) == 1


def test_a_row_that_changes_all_the_time_and_does_not_arrive_differs(
    reader: InMemoryReader,
) -> None:
    """Cassandra has a change from before the barrier."""
    reader.passes_after, reader.position, reader.positions["a"] = 1, 7, 6
    cities = iter(f"city {number}" for number in range(100))
    clock = SteppingClock(*[lambda: reader.users.update(a=next(cities))] * 60)
    reader.users["a"] = "Lyon"
    assert reconcile(reader, clock).mismatches == {"a"}
    assert clock.sleeps == CONVERGENCE_TIMEOUT_S + 1


def test_equal_stores_need_no_barrier(reader: InMemoryReader) -> None:
    reconcile(reader, SteppingClock())
    assert reader.barriers == 0


def test_events_that_retention_deleted_are_excluded(reader: InMemoryReader) -> None:
    reader.topic[0][0] = None
    clock = SteppingClock()
    comparison = reconcile(reader, clock)
    assert comparison.expired == {"a"}
    assert comparison.mismatches == set()
    assert comparison.stores.postgres.keys() == comparison.stores.cassandra.keys() == {"b"}
    assert comparison.topic.offsets.complete
    assert clock.sleeps == 0


def test_an_expired_event_does_not_excuse_a_difference(reader: InMemoryReader) -> None:
    reader.topic[0][0] = None
    reader.rows["a"] = "wrong"
    comparison = reconcile(reader, SteppingClock())
    assert (comparison.mismatches, comparison.expired) == ({"a"}, set())


def test_gaps_between_batches_are_reported(reader: InMemoryReader) -> None:
    reader.records = [batch(2, {0: 5}, {0: 6}), batch(1, {0: 0}, {0: 3})]
    assert reconcile(reader, SteppingClock()).topic.offsets.gaps == [OffsetGap(0, 3, 5)]


def test_gaps_before_the_earliest_offset_are_not_reported(reader: InMemoryReader) -> None:
    reader.topic[0][:0] = [None] * 5
    reader.records = [batch(2, {0: 5}, {0: 6}), batch(1, {0: 0}, {0: 3})]
    assert reconcile(reader, SteppingClock()).topic.offsets.gaps == []


def test_without_retention_a_missing_event_is_lost_not_expired() -> None:
    stores = StoreDigests({"a": 1}, {}, {"a": 1})
    assert expired_keys(stores, {"a"}, {0: 0, 1: 0}) == set()
    assert expired_keys(stores, {"a"}, {0: 0, 1: 4}) == {"a"}


def test_a_key_that_the_topic_holds_is_not_expired() -> None:
    stores = StoreDigests({"a": 1}, {"a": 2}, {"a": 1})
    assert expired_keys(stores, {"a"}, {0: 4}) == set()


def test_only_mismatches_are_read_again(reader: InMemoryReader) -> None:
    reader.rows["a"] = "wrong"
    reconcile(reader, SteppingClock(lambda: reader.rows.update(a="Oslo")))
    assert reader.requested == [None, None, {"a"}, {"a"}]
