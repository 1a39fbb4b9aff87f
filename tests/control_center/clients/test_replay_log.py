"""Which letters may be sent again, that none is sent twice, and what goes along."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from control_center.clients.replay_log import ReplayLog
from control_center.pipeline.dead_letter_replay import Letter, Outcome
from control_center.pipeline.dead_letters import OLDEST

NOW = datetime(2026, 11, 26, tzinfo=UTC)
ID = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"
YOUNG = NOW - timedelta(days=1)
LETTER = Letter((0, 7), 2, YOUNG, False, ID, False, b"key", b"value", [("trace", b"abc")])


def test_what_was_sent_is_known_to_the_next_process(tmp_path: Path) -> None:
    file = tmp_path / "state" / "sent.jsonl"
    ReplayLog(file).add([(0, 1), (0, 2)])
    with file.open("a") as kept:
        kept.write("[0, ")
    again = ReplayLog(file)
    assert (0, 2) in again
    assert (0, 3) not in again
    assert again.among({0: (2, 9)}) == 1


def test_the_outcome_in_words() -> None:
    assert str(Outcome(sent=1000)) == "1,000 sent again, 0 were sent before."
    told = str(Outcome(sent_before=3, too_old=2, errors=["0:1: no leader"]))
    assert told == "0 sent again, 3 were sent before, 2 are too old; 0:1: no leader."
    told = str(Outcome(not_held=1))
    assert told.endswith("1 are of people whom PostgreSQL does not hold.")


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ({"first_at": NOW - OLDEST - timedelta(seconds=1)}, "too_old"),
        ({"first_at": None}, "without_origin"),
        ({"partition": None}, "without_origin"),
        ({"cut": True}, "cut"),
        ({"id": ID[::-1]}, "not_held"),
        ({"id": ID[::-1], "deletes": True, "first_at": NOW - timedelta(days=8)}, "too_old"),
    ],
)
def test_refused(change: dict, counted: str) -> None:
    outcome = Outcome()
    assert outcome.refuses(replace(LETTER, **change), {ID}, NOW)
    assert outcome == Outcome(**{counted: 1})


@pytest.mark.parametrize(
    "change",
    [{}, {"id": ID[::-1], "deletes": True}, {"id": None}, {"first_at": NOW - OLDEST}],
    ids=["held", "a delete", "not a person's key", "old, but not too old"],
)
def test_sent(change: dict) -> None:
    outcome = Outcome()
    assert not outcome.refuses(replace(LETTER, **change), {ID}, NOW)
    assert outcome == Outcome()


def test_headers_are_kept_and_the_first_timestamp_goes_along() -> None:
    assert LETTER.sent_headers() == [
        ("trace", b"abc"),
        ("dead-letter", b"0:7"),
        ("origin.timestamp", b"2026-11-25T00:00:00.000Z"),
    ]
