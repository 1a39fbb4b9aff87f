"""The time between the stages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contract.stores.cassandra.batches import BatchRecord
from contract.stream.trace import StageMilliseconds
from control_center.pipeline.stage_timestamps import StageTimestamps, iso, lsn_text

COMMIT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(milliseconds: int) -> datetime:
    return COMMIT + timedelta(milliseconds=milliseconds)


def test_milliseconds_between_stages_are_counted() -> None:
    assert StageTimestamps(COMMIT, at(40), at(140), at(740)).milliseconds() == StageMilliseconds(
        commit_to_topic=40, topic_to_batch=100, batch_to_written=600, commit_to_readable=740
    )


def test_stages_that_were_not_reached_take_no_time() -> None:
    milliseconds = StageTimestamps(COMMIT, at(40), None, None).milliseconds()
    assert milliseconds == StageMilliseconds(commit_to_topic=40)


def test_without_a_beginning_there_is_no_duration() -> None:
    assert StageTimestamps(None, None, None, at(740)).milliseconds() == StageMilliseconds()


def test_the_batch_gives_two_of_the_times() -> None:
    batch = BatchRecord(1, at(140), at(740), {}, {}, 1, 0, 0, "abc", "driver-1")
    times = StageTimestamps.of(COMMIT, None, batch)
    assert times == StageTimestamps(COMMIT, None, at(140), at(740))
    assert StageTimestamps.of(COMMIT, at(40), None) == StageTimestamps(COMMIT, at(40), None, None)


def test_lsn_as_postgresql_writes_it() -> None:
    assert lsn_text(0x16B3748) == "0/16B3748"
    assert lsn_text((5 << 32) + 0xAB) == "5/AB"


def test_iso_has_milliseconds() -> None:
    assert iso(at(40)) == "2026-11-22T12:00:00.040+00:00"
    assert iso(None) is None
