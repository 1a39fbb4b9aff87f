"""10,000 mutated messages: the stream never stops; each offset becomes a row or a dead letter."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

import pytest

from tests.e2e.test_poison import POISON
from tests.harness.kafka import (
    DEAD_LETTERS,
    TOPIC,
    Record,
    TopicOffset,
    ends,
    produce_many,
    records,
)
from tests.harness.platform import Platform
from tests.harness.rows import delete, insert_many
from tests.harness.spark import application
from tests.harness.tables import USERS
from tests.harness.wait import eventually

SEED = 20261126
MUTATED = 10_000
ROWS = 100
LIMIT_S = 120  # for the stream to process all of them
HUGE = (
    bytes.fromhex("80bcc1960b"),  # 1,500,000,000
    b"\xff" * 9 + b"\x01",  # -2^63
    b"\xfe" + b"\xff" * 8 + b"\x01",  # 2^63 - 1
    b"\x01",  # -1
    b"\x80" * 9 + b"\x00",
)
VERSION = re.compile(rb"\d{15,19}")


class Event(NamedTuple):
    """A good message, as Debezium wrote it."""

    key: bytes
    value: bytes


Mutation = Callable[[random.Random, Event, list[Event]], Record]


def _flip(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _put(rng: random.Random, data: bytes, new: bytes, replaced: int) -> bytes:
    """Replace `replaced` bytes at a random index by `new`."""
    at = rng.randrange(len(data))
    return data[:at] + new + data[at + replaced :]


def _value(change: Callable[[random.Random, bytes], bytes | None]) -> Mutation:
    return lambda rng, event, _: Record(event.key, change(rng, event.value))


def _version(rng: random.Random, value: bytes) -> bytes:
    """Replace versions: by a version beyond PostgreSQL's position, or by text."""

    def replacement(match: re.Match[bytes]) -> bytes:
        return rng.choice((b"9" * len(match[0]), b"-" + b"1" * (len(match[0]) - 1), b"?" * 19))

    return VERSION.sub(replacement, value)


MUTATIONS: dict[str, Mutation] = {
    "bits": _value(_flip),
    "bits behind the prefix": _value(lambda rng, value: value[:5] + _flip(rng, value[5:])),
    "cut": _value(lambda rng, value: value[: rng.randrange(len(value))]),
    "appended": _value(lambda rng, value: value + rng.randbytes(rng.choice((1, 10, 5_000)))),
    "without a part": _value(lambda rng, value: _put(rng, value, b"", rng.randrange(1, 40))),
    "a part of noise": _value(lambda rng, value: _put(rng, value, rng.randbytes(20), 20)),
    "a huge number": _value(lambda rng, value: _put(rng, value, rng.choice(HUGE), 1)),
    "a huge length first": _value(lambda rng, value: value[:5] + rng.choice(HUGE)),
    "a huge length of the id": _value(lambda rng, value: value[:5] + rng.choice(HUGE) + value[6:]),
    "another schema": _value(
        lambda rng, value: b"\0" + rng.randrange(40).to_bytes(4, "big") + value[5:]
    ),
    "an unknown schema": _value(lambda rng, value: b"\0" + rng.randbytes(4) + value[5:]),
    "another version": _value(_version),
    "noise": _value(lambda rng, value: rng.randbytes(rng.choice((1, 5, 6, 400, 100_000)))),
    "no value": _value(lambda rng, value: rng.choice((None, b""))),
    "key": lambda rng, event, _: Record(_flip(rng, event.key), event.value),
    "no key": lambda rng, event, _: Record(rng.choice((None, b"", b"\0")), event.value),
    "another's key": lambda rng, event, events: Record(rng.choice(events).key, event.value),
    "headers": lambda rng, event, _: Record(
        event.key,
        _flip(rng, event.value),
        headers=[
            ("origin.timestamp", rng.choice((b"", b"?", b"0001-01-01T00:00:00.000Z", None))),
            ("reason", rng.randbytes(20)),
            ("noise", rng.randbytes(rng.choice((0, 10, 300_000)))),
        ],
    ),
}


def fuzzed(good: list[Event]) -> list[Record]:
    """A batch with all mutations equally often, and one good message for each two mutants.

    If more than nine of ten messages failed, the stream would rightly halt.
    """
    rng, names = random.Random(SEED), list(MUTATIONS)
    messages: list[Record] = []
    for number in range(MUTATED):
        event = rng.choice(good)
        mutant = MUTATIONS[names[number % len(names)]](rng, event, good)
        if _wins(mutant, event):
            mutant = mutant._replace(value=None)
        messages.append(mutant)
        if number % 2:
            messages.append(Record(*rng.choice(good)))
    return messages


def _wins(mutant: Record, good: Event) -> bool:
    """Is the mutant's version a later one that PostgreSQL may reach soon?

    It would win until then, so the result of the test would be undefined.
    """
    current = VERSION.findall(good.value)
    return any(
        int(version) > int(current[-1])
        and len(version) == len(current[-1])
        and version[:2] == current[-1][:2]
        for version in VERSION.findall(mutant.value or b"")
    )


@pytest.mark.timeout(1200)
def test_every_offset_is_a_row_or_a_dead_letter(platform: Platform) -> None:
    platform.await_run(platform.ingest(10))
    platform.assert_status_ok()
    ids = insert_many(platform, USERS, ROWS)
    good = _events(platform, ids)
    app = application(platform)
    before, since = ends(platform, TOPIC), datetime.now(timezone.utc).replace(tzinfo=None)
    many = fuzzed(good)
    many += [Record(*make(good[0].key, good[0].value, 1)) for make, _ in POISON.values()]
    produce_many(platform, many)
    after = ends(platform, TOPIC)
    assert sum(after.values()) - sum(before.values()) >= len(many)
    began = time.monotonic()
    eventually(lambda: _reached(platform, after), "batches cover all messages", LIMIT_S)
    took = time.monotonic() - began
    print(f"\nfuzz: {len(many):,} messages in {took:.0f} s")

    assert application(platform) == app, "the driver was not restarted"
    accounted = _accounted(platform, since, before, after)
    dead_letters = _dead_letters(platform, before)
    assert accounted["dead_letters"] == len(dead_letters)
    assert accounted["events"] == accounted["offsets"]
    assert MUTATED / 2 < len(dead_letters) < len(many)
    print(f"fuzz: {accounted}")

    delete(platform, USERS, ids)
    platform.assert_status_ok()
    platform.job("repair")
    platform.assert_equal_everywhere()


def _events(platform: Platform, ids: list[str]) -> list[Event]:
    """A good message of each of these rows."""

    def events() -> list[Event] | None:
        by_id = {
            record.uuid_key: Event(record.key, record.value)
            for record in records(platform, TOPIC)
            if record.key and record.value
        }
        return [by_id[id_] for id_ in ids] if set(ids) <= by_id.keys() else None

    return eventually(events, "the rows' events", 120, pause_s=3)


def _batches(platform: Platform, since: datetime) -> list[Any]:
    """Records of the batches of users written after `since` (UTC)."""
    query = (
        "SELECT batch_id, start_offsets, end_offsets, upserts, deletes, dead_letters"
        " FROM batches WHERE job = %s AND day = %s AND written_at > %s"
    )
    days = {since.date() + timedelta(days=number) for number in range(2)}
    with platform.cassandra() as session:
        return [row for day in days for row in session.execute(query, [USERS.name, day, since])]


def _reached(platform: Platform, goal: dict[int, int]) -> bool:
    """Do the batches cover these end offsets?"""
    since = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(minutes=10)
    done: dict[int, int] = {}
    for row in _batches(platform, since):
        for part, end in json.loads(row.end_offsets).items():
            done[int(part)] = max(end, done.get(int(part), 0))
    return all(done.get(part, 0) >= end for part, end in goal.items())


def _accounted(
    platform: Platform, since: datetime, before: dict[int, int], after: dict[int, int]
) -> dict[str, int]:
    """Numbers of offsets, events, upserts and dead letters of all batches after `since`."""
    rows = {row.batch_id: row for row in _batches(platform, since)}.values()
    offsets = 0
    for row in rows:
        start, end = json.loads(row.start_offsets), json.loads(row.end_offsets)
        offsets += sum(stop - start.get(part, 0) for part, stop in end.items())
    numbers = {
        "offsets": offsets,
        "events": sum(row.upserts + row.deletes + row.dead_letters for row in rows),
        "upserts": sum(row.upserts for row in rows),
        "dead_letters": sum(row.dead_letters for row in rows),
    }
    assert offsets >= sum(after.values()) - sum(before.values())
    return numbers


def _dead_letters(platform: Platform, before: dict[int, int]) -> set[TopicOffset]:
    """Origins of the dead letters of messages at or after these offsets."""
    origins = {record.origin for record in records(platform, DEAD_LETTERS)}
    return {origin for origin in origins if origin.offset >= before.get(origin.partition, 0)}
