"""The dead letters that may be replayed, and the messages that a replay sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contract.kafka import retention
from contract.kafka.change import Event, UndecodableError
from contract.kafka.dead_letters import HEADERS_CUT, KEY_CUT, TIMESTAMP, VALUE_CUT
from contract.kafka.offsets import TopicOffset
from control_center.pipeline.dead_letter import (
    OLDEST,
    DeadLetter,
    Refusal,
    identity,
    origin,
    reason_of,
)
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import Recorded
from control_center.pipeline.topic_message import Headers, TopicMessage

NOW = datetime(2026, 11, 26, tzinfo=UTC)
ID = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"
OTHER = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5f"
YOUNG = NOW - timedelta(days=1)
PLACE = TopicOffset(0, 7)
DEAD_LETTER = DeadLetter(
    place=PLACE,
    partition=2,
    first_at=YOUNG,
    cut=False,
    row_key=ID,
    deletes=False,
    key=b"key",
    value=b"value",
    headers=(("trace", b"abc"),),
)
HEADERS: Headers = (
    ("trace", b"abc"),
    ("origin.topic", b"riada.public.users"),
    ("origin.partition", b"2"),
    ("origin.offset", b"40"),
    (TIMESTAMP, b"2026-11-25T00:00:00.000Z"),
    ("reason", b"not Avro"),
    ("dead-letter", b"0:3"),
)


class InMemoryDecoder:
    """The bytes of a key are its text, unless they begin with "no"."""

    def event(self, value: bytes | None) -> Event:
        if value not in (b"delete", b"update"):
            raise UndecodableError("is not Avro")
        return Event(ID, (), value == b"delete", 1, 1, 1, "u")

    def key(self, key: bytes | None) -> str | None:
        return None if not key or key.startswith(b"no") else key.decode()


DECODER = InMemoryDecoder()

NOBODY = Recorded({}, str)  # was erased


def dead_letter(headers: Headers = HEADERS, key: bytes | None = ID.encode()) -> DeadLetter:
    return DeadLetter.of(TopicMessage(PLACE, key, b"value", headers, 0), DECODER)


def test_a_dead_letter_knows_its_origin_and_its_row() -> None:
    result = dead_letter()
    assert (result.place, result.partition, result.first_at) == (PLACE, 2, YOUNG)
    assert (result.row_key, result.cut, result.deletes) == (ID, False, False)
    assert result.value == b"value"


def test_only_the_messages_own_headers_are_kept() -> None:
    assert dead_letter().headers == (("trace", b"abc"),)


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("origin.partition", None, Refusal.WITHOUT_ORIGIN),
        ("origin.partition", b"two", Refusal.WITHOUT_ORIGIN),
        ("origin.offset", b"", Refusal.WITHOUT_ORIGIN),
        (TIMESTAMP, None, Refusal.WITHOUT_ORIGIN),
        (TIMESTAMP, b"yesterday", Refusal.WITHOUT_ORIGIN),
        (TIMESTAMP, b"2026-11-25T00:00:00", Refusal.WITHOUT_ORIGIN),
        (TIMESTAMP, b"\xff", Refusal.WITHOUT_ORIGIN),
        (TIMESTAMP, b"2026-01-01T00:00:00.000Z", Refusal.TOO_OLD),
        (KEY_CUT, b"9", Refusal.CUT),
        (VALUE_CUT, b"9", Refusal.CUT),
        (HEADERS_CUT, b"9", Refusal.CUT),
    ],
)
def test_headers_decide_whether_it_may_be_sent(
    name: str, value: bytes | None, refusal: Refusal
) -> None:
    headers = tuple(item for item in HEADERS if item[0] != name)
    result = dead_letter((*headers, (name, value)))
    assert result.refusal({ID}, NOBODY, NOW) is refusal


@pytest.mark.parametrize(("after", "refusal"), [(-1, None), (0, Refusal.ERASED)])
def test_an_erased_row_is_refused_in_changes_from_before(
    after: int, refusal: Refusal | None
) -> None:
    ended_ms = DEAD_LETTER.timestamp_ms() + after
    erased = Recorded({ID: Erasure(ID, "users", 0, ended_ms)}, str)
    for deletes in (False, True):
        dead_letter = replace(DEAD_LETTER, deletes=deletes)
        assert dead_letter.refusal({ID}, erased, NOW) is refusal


@pytest.mark.parametrize("name", ["origin.partition", "origin.offset", TIMESTAMP])
def test_a_missing_header_leaves_it_without_origin(name: str) -> None:
    result = dead_letter(tuple(item for item in HEADERS if item[0] != name))
    assert result.refusal({ID}, NOBODY, NOW) is Refusal.WITHOUT_ORIGIN


@pytest.mark.parametrize(
    ("value", "deletes"), [(b"delete", True), (b"update", False), (b"?", False)]
)
def test_a_delete_is_recognised(value: bytes, deletes: bool) -> None:
    assert DeadLetter.of(TopicMessage(PLACE, None, value, HEADERS, 0), DECODER).deletes is deletes


@pytest.mark.parametrize("key", [None, b"", b"no key"])
def test_a_key_that_cannot_be_decoded_has_no_row(key: bytes | None) -> None:
    assert dead_letter(key=key).row_key is None


@pytest.mark.parametrize("key", [None, b"no key", OTHER.encode()])
def test_the_value_says_which_row_a_change_is_about(key: bytes | None) -> None:
    message = TopicMessage(PLACE, key, b"update", HEADERS, 0)
    assert DeadLetter.of(message, DECODER).row_key == ID


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"first_at": NOW - OLDEST - timedelta(seconds=1)}, Refusal.TOO_OLD),
        ({"first_at": None}, Refusal.WITHOUT_ORIGIN),
        ({"partition": None}, Refusal.WITHOUT_ORIGIN),
        ({"cut": True}, Refusal.CUT),
        ({"row_key": OTHER}, Refusal.NOT_HELD),
        (
            {"row_key": OTHER, "deletes": True, "first_at": NOW - timedelta(days=8)},
            Refusal.TOO_OLD,
        ),
        ({}, None),
        ({"row_key": OTHER, "deletes": True}, None),
        ({"row_key": None}, None),
        ({"first_at": NOW - OLDEST}, None),
    ],
    ids=[
        "too old",
        "no time",
        "no partition",
        "cut",
        "not held",
        "an old delete",
        "held",
        "a delete",
        "not a key of the table",
        "old, but not too old",
    ],
)
def test_refusal(change: dict[str, Any], refusal: Refusal | None) -> None:
    assert replace(DEAD_LETTER, **change).refusal({ID}, NOBODY, NOW) is refusal


def test_invariant_7_the_limit_is_the_topics_retention() -> None:
    assert OLDEST == retention.TOPIC
    assert retention.TOPIC < retention.TOMBSTONE


def test_the_first_timestamp_and_the_own_offset_are_sent() -> None:
    assert DEAD_LETTER.sent_headers() == [
        ("trace", b"abc"),
        ("dead-letter", b"0:7"),
        (TIMESTAMP, b"2026-11-25T00:00:00.000Z"),
    ]
    assert DEAD_LETTER.timestamp_ms() == 1_795_564_800_000


def test_the_first_timestamp_survives_a_second_replay() -> None:
    again = dead_letter((*DEAD_LETTER.sent_headers(), *HEADERS[1:4]))  # type: ignore[arg-type]
    assert again.first_at == YOUNG
    assert again.headers == DEAD_LETTER.headers


def test_the_origin() -> None:
    headers = [("origin.partition", b"2"), ("origin.offset", b"40")]
    assert origin(headers) == (TopicOffset(2, 40), None)
    stamp = (TIMESTAMP, b"2026-11-25T00:00:00.125Z")
    assert origin([*headers, stamp]) == (TopicOffset(2, 40), 1_795_564_800_125)


@pytest.mark.parametrize(
    ("headers", "timestamp_ms", "first_ms"),
    [
        ((), 1_795_564_800_125, 1_795_564_800_125),
        (((TIMESTAMP, b"2026-11-25T00:00:00.000Z"),), 1_795_564_800_125, 1_795_564_800_000),
        (((TIMESTAMP, b"2026-11-25T00:00:00.250Z"),), 1_795_564_800_125, 1_795_564_800_125),
        ((), None, None),
    ],
)
def test_a_message_has_the_identity_that_its_dead_letter_names(
    headers: Headers, timestamp_ms: int | None, first_ms: int | None
) -> None:
    message = TopicMessage(TopicOffset(2, 40), b"k", b"v", headers, timestamp_ms)
    assert identity(message) == (TopicOffset(2, 40), first_ms)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("origin.partition", b"2")],
        [("origin.partition", b"2"), ("origin.offset", None)],
        [("origin.partition", b"x"), ("origin.offset", b"1")],
    ],
)
def test_a_dead_letter_without_origin(headers: list[tuple[str, bytes | None]]) -> None:
    with pytest.raises(UndecodableError, match="without its origin"):
        origin(headers)


def test_the_reason_is_cut_off() -> None:
    assert reason_of((("reason", b"not Avro"),)) == "not Avro"
    assert reason_of((("reason", b"x" * 999),)) == "x" * 200
    assert reason_of((("reason", None),)) == reason_of(()) == "no reason given"
    assert reason_of((("reason", b"\xff"),)) == "\ufffd"
