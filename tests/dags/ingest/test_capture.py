"""A run's rows are captured when the slot has confirmed their position; else an error says where
they wait."""

from __future__ import annotations

from dataclasses import astuple, replace

import psycopg2
import pytest
from ingest.capture import (
    LIMIT_S,
    LostHistoryError,
    NotCapturedError,
    SlotState,
    is_captured,
    position,
)

from tests.dags.ingest.in_memory_session import InMemorySession
from tests.dags.tables import READINGS, USERS

CONFIRMED = SlotState(True, False, "reserved", True, -56)
BEHIND = replace(CONFIRMED, missing_bytes=1_234_567)
END = "0/201B4D0"


def captured(state: SlotState, waited_s: float = 5) -> bool:
    return is_captured(InMemorySession(astuple(state)), USERS, END, waited_s)


def test_the_position_after_the_rows() -> None:
    assert position(InMemorySession((END,))) == END


@pytest.mark.parametrize("missing", [0, -56])
def test_a_confirmed_position_is_captured(missing: int) -> None:
    assert captured(replace(CONFIRMED, missing_bytes=missing), LIMIT_S + 1)


def test_a_confirmed_position_needs_no_reader() -> None:
    """Debezium may be between two connections."""
    assert captured(replace(CONFIRMED, active=False))


def test_the_question_names_table_position_and_slot() -> None:
    session = InMemorySession(astuple(CONFIRMED))
    is_captured(session, READINGS, END, 5)
    assert session.parameters == [
        {
            "publication": "riada",
            "schema": "Werk",
            "relation": "messwerte 2",
            "position": END,
            "slot": "riada",
        }
    ]


WAITING = {
    "behind": (BEHIND, "connect: 1,234,567 bytes of changes are not on the topic yet"),
    "no reader": (replace(BEHIND, active=False), "connect: does not read replication slot riada"),
    "no slot": (
        replace(BEHIND, wal_status=None, active=False, missing_bytes=0),
        "postgres: replication slot riada does not exist",
    ),
    "lost slot": (
        replace(CONFIRMED, wal_status="lost"),
        "postgres: replication slot riada is lost",
    ),
    "not published": (
        replace(CONFIRMED, published=False),
        'postgres: publication riada does not hold "public"."users"',
    ),
}


@pytest.mark.parametrize("kind", WAITING)
def test_rows_that_wait_are_asked_for_again_until_the_limit(kind: str) -> None:
    state, words = WAITING[kind]
    assert not captured(state, LIMIT_S - 1)
    with pytest.raises(NotCapturedError) as raised:
        captured(state, LIMIT_S + 1)
    assert str(raised.value) == f"{words}: the rows of this run wait in PostgreSQL"
    assert "make" in raised.value.remedy


def test_an_older_postgresql_fails_at_once() -> None:
    with pytest.raises(LostHistoryError, match="postgres: its log ends before 0/201B4D0"):
        captured(replace(CONFIRMED, older=True), 1)


def test_a_postgresql_that_does_not_answer_is_asked_again() -> None:
    error = psycopg2.OperationalError("could not connect to server\n\tIs it running?")
    session = InMemorySession(error=error)
    assert not is_captured(session, USERS, END, 5)
    with pytest.raises(NotCapturedError, match="postgres: could not connect to server"):
        is_captured(session, USERS, END, LIMIT_S + 1)
