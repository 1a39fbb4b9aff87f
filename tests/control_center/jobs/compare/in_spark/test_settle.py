"""Which of the rows that Spark found are still different, and the totals after that."""

from __future__ import annotations

import pytest

from contract.jobs.compare import OffsetGap, OffsetSummary, StoreSummary
from contract.jobs.spark_comparison import ComparisonRequest, ComparisonResult, RowDigests
from contract.table.digest import Checksum, digest
from control_center.jobs.compare.digest import Digest
from control_center.jobs.compare.in_spark import settle as module
from control_center.jobs.compare.in_spark.run import is_large, request_for
from control_center.jobs.compare.in_spark.settle import settle
from control_center.jobs.compare.outcome import Outcome
from control_center.jobs.compare.reconcile import CONVERGENCE_TIMEOUT_S, Comparison, reconcile
from tests.control_center.jobs.compare.in_memory import (
    InMemoryReader,
    SteppingClock,
    batch,
    change,
)
from tests.control_center.sample_tables import USERS


@pytest.fixture
def reader() -> InMemoryReader:
    """Two rows that are everywhere, and a stream that has written all of the topic."""
    reader = InMemoryReader()
    reader.passes_after = 0
    reader.store("a", 1, "Oslo")
    reader.store("b", 2, "Bern")
    return reader


def found_by_spark(
    reader: InMemoryReader,
) -> tuple[ComparisonRequest, list[RowDigests], ComparisonResult]:
    """The request, and what Spark finds now, by the other implementation."""
    request = request_for(reader, "users", len(reader.users))
    topic: dict[str, Digest] = {}
    newest: dict[str, tuple[int, int]] = {}
    for offset, value in enumerate(reader.topic[0][: request.topic[0].end]):
        event = reader.decode(value)
        newest[event.key] = event.version, offset
        topic.pop(event.key, None)
        if not event.deleted:
            topic[event.key] = digest(USERS, event.row)
    stores = {"postgres": reader.postgres(), "topic": topic, "cassandra": reader.cassandra()}
    rows: list[RowDigests] = []
    for key in sorted({key for digests in stores.values() for key in digests}):
        texts = {name: text(digests.get(key)) for name, digests in stores.items()}
        version, at = newest.get(key, (None, None))
        if len({*texts.values()}) > 1:
            place = None if at is None else 0
            rows.append(
                RowDigests(
                    "run", len(rows), key, **texts, version=version, partition=place, offset=at
                )
            )
    summaries = {name: total(digests) for name, digests in stores.items()}
    offsets = OffsetSummary(request.messages, request.messages, request.messages, 0, 0, 0)
    return request, rows, ComparisonResult(request.id, "run", summaries, len(rows), 0, offsets)


def text(value: Digest | None) -> str | None:
    return None if value is None else f"{value:032x}"


def total(digests: dict[str, Digest]) -> StoreSummary:
    checksum = Checksum()
    for value in digests.values():
        checksum.add(value)
    return StoreSummary(checksum.count, f"{checksum.total:032x}")


def settled(
    reader: InMemoryReader, clock: SteppingClock, parts: list[Comparison] | None = None
) -> Outcome:
    request, rows, result = found_by_spark(reader)
    parts = [] if parts is None else parts
    return settle(reader, request, result, rows, parts.append, clock)


def test_equal_stores_read_nothing_again(reader: InMemoryReader) -> None:
    clock = SteppingClock()
    outcome = settled(reader, clock)
    assert (outcome.differing, outcome.first, clock.sleeps) == (0, (), 0)
    assert outcome == reconcile(reader, SteppingClock()).outcome()


def test_each_kind_of_difference_is_found(reader: InMemoryReader) -> None:
    reader.rows["b"] = "Rome"
    del reader.rows["a"]
    reader.rows["x"] = "Nice"
    reader.users["y"] = "Lima"
    outcome = settled(reader, SteppingClock())
    assert [(row.key, row.missing) for row in outcome.first] == [
        ("a", ("cassandra",)),
        ("b", ()),
        ("x", ("postgres", "topic")),
        ("y", ("topic", "cassandra")),
    ]
    newest = [row.newest.offset if row.newest else None for row in outcome.first]
    assert newest == [0, 1, None, None]
    assert outcome == reconcile(reader, SteppingClock()).outcome()


def test_a_row_in_flight_matches_once_it_has_arrived(reader: InMemoryReader) -> None:
    reader.users["c"] = "Lyon"

    def arrives() -> None:
        reader.topic[0].append(change("c", 3, "Lyon"))
        reader.rows["c"] = "Lyon"

    outcome = settled(reader, SteppingClock(arrives))
    assert outcome.differing == 0
    assert outcome.cassandra.count == outcome.topic.count == 3
    assert outcome.cassandra == outcome.postgres


def test_a_change_after_the_barrier_waits_for_the_next_one(reader: InMemoryReader) -> None:
    """The row changes after Spark has read it, and comes to Cassandra a moment later."""
    reader.rows["a"] = "Rome"

    def changes() -> None:
        reader.users["a"] = "Lyon"

    def arrives() -> None:
        reader.topic[0].append(change("a", 9, "Lyon"))
        reader.rows["a"] = "Lyon"

    assert settled(reader, SteppingClock(changes, arrives)).differing == 0
    assert reader.barriers == 2


def test_the_rows_are_read_in_parts(
    reader: InMemoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    reader.rows |= {f"x{number}": "Nice" for number in range(5)}
    parts: list[Comparison] = []
    clock = SteppingClock()
    outcome = settled(reader, clock, parts)
    assert [sorted(part.mismatches) for part in parts] == [["x0", "x1"], ["x2", "x3"], ["x4"]]
    assert (outcome.differing, reader.barriers) == (5, 1)
    assert outcome.cassandra.count == 7


def test_one_part_waits_for_a_stream_that_stands_still(
    reader: InMemoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    reader.passes_after = None
    reader.rows |= {f"x{number}": "Nice" for number in range(5)}
    clock = SteppingClock()
    assert settled(reader, clock).differing == 5
    assert clock.now - 100.0 < 2 * CONVERGENCE_TIMEOUT_S


def test_gaps_between_batches_are_found(reader: InMemoryReader) -> None:
    reader.records = [batch(2, {0: 1}, {0: 2}), batch(1, {0: 0}, {0: 0})]
    assert settled(reader, SteppingClock()).offsets.gaps == (OffsetGap(0, 0, 1),)


def test_a_request_has_the_messages_that_are_written(reader: InMemoryReader) -> None:
    reader.unwritten = 1
    reader.topic[0][0] = None
    reader.store("c", 3, "Lyon")
    request = request_for(reader, "users", 3)
    assert [(span.partition, span.start, span.end) for span in request.topic] == [(0, 1, 2)]
    assert request.messages == 1
    assert request.has_expired_events


@pytest.mark.parametrize(
    ("rows", "messages", "large"),
    [(50_000, 200_000, False), (50_001, 0, True), (0, 200_001, True)],
)
def test_what_is_large(reader: InMemoryReader, rows: int, messages: int, large: bool) -> None:
    reader.topic = {0: [b""] * messages}
    assert is_large(request_for(reader, "users", rows)) is large
