"""The comparison. People may flow meanwhile: keys that differ are looked at again until they agree
or nothing changes any more; keys that only came later are left out."""

from __future__ import annotations

import time
from typing import Any

from control_center import batches, messages, report, stores
from control_center.compare import read
from control_center.compare.sides import Newest, Sides, digest, total
from control_center.engines import Engines
from control_center.fields import differing
from control_center.settings import DEAD_LETTERS, TOPIC

PATIENCE_S = 30.0
SHOWN = 20


def compare() -> dict[str, Any]:
    """{ok, equal, postgres, topic, cassandra: {count, checksum}, differing, keys, offsets, …}."""
    engines = Engines()
    earliest = engines.kafka.earliest(TOPIC)
    people = read.postgres(engines)
    reader = read.TopicReader(engines, dict(earliest), engines.kafka.earliest(DEAD_LETTERS))
    reader.read(_decided(engines))
    sides = Sides(people, reader.topic.people(), read.cassandra(engines))

    unequal = sides.unequal()
    expired = _expired(sides, unequal, earliest)
    sides.forget(expired)
    unequal = _settle(engines, reader, sides, unequal - expired)
    equal, offsets = not unequal, reader.offsets
    report.progress("all three sides are equal" if equal else f"{len(unequal):,} keys differ")
    return {
        "ok": equal and offsets.complete,
        "equal": equal,
        **{name: _sum(side.values()) for name, side in sides.named().items()},
        "differing": len(unequal),
        "keys": _shown(engines, reader, sides, sorted(unequal)[:SHOWN]),
        "expired_from_topic": len(expired),
        "offsets": offsets.as_json(),
        "took_s": report.elapsed_s(),
    }


def _decided(engines: Engines) -> dict[int, int]:
    """Up to where the job has written or refused every message."""
    ends, newest = engines.kafka.offsets(TOPIC), batches.newest(engines)
    if newest is None:
        return ends
    return {part: min(end, newest.end_offsets.get(part, 0)) for part, end in ends.items()}


def _expired(sides: Sides, unequal: set[str], earliest: dict[int, int]) -> set[str]:
    """Keys that agree in both stores and of which retention has left no event on the topic."""
    if not any(earliest.values()):
        return set()
    return {
        key
        for key in unequal
        if key not in sides.topic and sides.postgres.get(key) == sides.cassandra.get(key)
    }


def _settle(
    engines: Engines, reader: read.TopicReader, sides: Sides, unequal: set[str]
) -> set[str]:
    """Looks at these keys again and again; which are still unequal at the end."""
    best, since = len(unequal) + 1, time.monotonic()
    while unequal:
        if len(unequal) < best:
            best, since = len(unequal), time.monotonic()
        if time.monotonic() - since > PATIENCE_S:
            break
        report.progress(f"{len(unequal):,} keys differ still: looking again")
        time.sleep(1)
        reader.read(_decided(engines), only=unequal)
        newest = reader.topic.newest
        cassandra, _ = stores.in_cassandra(engines, unequal)
        now = Sides(
            {key: digest(row) for key, row in stores.in_postgres(engines, unequal).items()},
            {
                key: value
                for key in unequal
                if key in newest and (value := newest[key].digest) is not None
            },
            {key: digest(row) for key, row in cassandra.items()},
        )
        sides.look_again(unequal, now)
        unequal = {key for key in unequal if not sides.agree(key)}
    return unequal


def _shown(
    engines: Engines, reader: read.TopicReader, sides: Sides, keys: list[str]
) -> list[dict[str, Any]]:
    """Per key where it is missing, and in which fields the topic and Cassandra differ from
    PostgreSQL (or Cassandra from the topic). Values are not told."""
    postgres = stores.in_postgres(engines, keys)
    cassandra, _ = stores.in_cassandra(engines, keys)
    shown = []
    for key in keys:
        event = _event(engines, reader.topic.newest.get(key))
        rows = {"postgres": postgres.get(key), "topic": event, "cassandra": cassandra.get(key)}
        there = [row for row in rows.values() if row is not None]
        fields = {
            name: differing(there[0], row)
            for name, row in rows.items()
            if row is not None and row is not there[0]
        }
        shown.append({"id": key, "missing": sides.missing(key), "fields": fields})
    return shown


def _event(engines: Engines, newest: Newest | None) -> tuple[Any, ...] | None:
    if newest is None or newest.digest is None:
        return None
    message = messages.read_one(engines, newest.partition, newest.offset)
    return messages.Decoder(engines).event(message.value()).row if message else None


def _sum(digests: Any) -> dict[str, Any]:
    result = total(digests)
    return {"count": result.count, "checksum": f"{result.total:032x}"}
