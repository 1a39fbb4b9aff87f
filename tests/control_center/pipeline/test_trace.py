"""The way of a person in times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from control_center.pipeline.trace import StageTimestamps, lsn

COMMIT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(milliseconds: int) -> datetime:
    return COMMIT + timedelta(milliseconds=milliseconds)


def test_milliseconds_between() -> None:
    assert StageTimestamps(COMMIT, at(40), at(140), at(740)).milliseconds() == {
        "commit_to_topic": 40,
        "topic_to_batch": 100,
        "batch_to_written": 600,
        "commit_to_readable": 740,
    }


def test_stages_that_were_not_reached_take_no_time() -> None:
    assert StageTimestamps(COMMIT, at(40), None, None).milliseconds() == {
        "commit_to_topic": 40,
        "topic_to_batch": None,
        "batch_to_written": None,
        "commit_to_readable": None,
    }


def test_without_a_beginning_there_is_no_duration() -> None:
    assert set(StageTimestamps(None, None, None, at(740)).milliseconds().values()) == {None}


def test_lsn_as_postgresql_writes_it() -> None:
    assert lsn(0x16B3748) == "0/16B3748"
    assert lsn((5 << 32) + 0xAB) == "5/AB"
