"""What cannot become a row is in the dead-letter topic with its reason, and the rest flows on."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

import pytest

from cli.clients.http import call
from tests.harness.kafka import DEAD_LETTERS, TOPIC, Place, produce, records
from tests.harness.platform import Platform
from tests.harness.wait import eventually

Record = tuple[bytes | None, bytes | None]
SEEDED = random.Random(1)
VERSION = re.compile(rb"\d{15,19}")

POISON: dict[str, tuple[Callable[[bytes, bytes, int], Record], str]] = {
    "not Avro": (lambda key, value, other: (key, b"hello, this is no Avro"), "not Avro"),
    "half JSON": (lambda key, value, other: (key, b'{"id": "00000000-'), "not Avro"),
    "no bytes": (lambda key, value, other: (key, b""), ""),
    "no value": (lambda key, value, other: (key, None), "null value"),
    "schema id cut": (lambda key, value, other: (key, value[:3]), "truncated"),
    "unknown schema id": (
        lambda key, value, other: (key, b"\0\x7f\xff\xff\xff" + value[5:]),
        "unknown schema id 2147483647",
    ),
    "truncated": (lambda key, value, other: (key, value[: len(value) // 2]), "not decodable"),
    "noise behind a schema id": (
        lambda key, value, other: (key, value[:5] + SEEDED.randbytes(300)),
        "",
    ),
    "a text of 1.5 GB, it claims": (
        lambda key, value, other: (key, value[:5] + bytes.fromhex("80bcc1960b")),
        "not decodable",
    ),
    "a version of the far future": (
        lambda key, value, other: (key, VERSION.sub(lambda v: b"9" * len(v[0]), value)),
        "",
    ),
    "wrong type": (lambda key, value, other: (key, _wire(other, b"\x54")), ""),
    "null key": (lambda key, value, other: (None, value), "null key"),
    "another's key": (lambda key, value, other: (key[:-4] + b"0000", value), "key"),
    "2 MB": (lambda key, value, other: (key, b"\xff" + SEEDED.randbytes(2 << 20)), "not Avro"),
}
"""Name → how to make it of a good key and value and another schema's id; part of its reason."""


def _wire(schema: int, body: bytes) -> bytes:
    return b"\0" + schema.to_bytes(4, "big") + body


@pytest.fixture(scope="module")
def good(platform: Platform) -> Record:
    """A record as Debezium writes it."""
    platform.await_run(platform.ingest(10))
    eventually(lambda: platform.count() > 0, "people in PostgreSQL")
    return next(
        (message.key(), message.value())
        for message in records(platform, TOPIC)
        if message.value() and message.value()[:1] == b"\0" and message.key()
    )


@pytest.fixture(scope="module")
def other_schema(platform: Platform) -> int:
    """Id of a registered schema in which the id is a number."""
    fields = [{"name": "id", "type": "int"}]
    schema = {"type": "record", "name": "Value", "namespace": TOPIC, "fields": fields}
    url = f"{platform.here.url('schema-registry')}/apis/ccompat/v7/subjects/poison-value/versions"
    return call("POST", url, {"schema": json.dumps(schema), "schemaType": "AVRO"})["id"]


@pytest.mark.timeout(900)
def test_poison_is_set_aside_and_the_rest_flows(
    platform: Platform, good: Record, other_schema: int
) -> None:
    placed: dict[Place, str] = {}
    made: dict[str, Record] = {}
    run = platform.ingest(400, rate=40)
    for name, (make, _) in POISON.items():
        made[name] = make(*good, other_schema)
        placed[produce(platform, *made[name])] = name
    platform.await_run(run)

    def letters() -> dict[str, tuple[Record, dict[str, str]]] | None:
        found = {}
        for message in records(platform, DEAD_LETTERS):
            headers = {
                key: (value or b"").decode(errors="replace")
                for key, value in message.headers() or []
            }
            place = Place(int(headers["origin.partition"]), int(headers["origin.offset"]))
            if place in placed:
                found[placed[place]] = ((message.key(), message.value()), headers)
        missing = POISON.keys() - found.keys()
        if missing:
            raise LookupError(f"not in the dead-letter topic: {sorted(missing)}")
        return found

    found = eventually(letters, "every poison is a dead letter", 240, pause_s=5)
    for name, (record, headers) in found.items():
        assert record == made[name], f"{name}: other bytes than produced"
        assert headers["origin.topic"] == TOPIC
        assert headers["reason"] and POISON[name][1] in headers["reason"], f"{name}: {headers}"
    assert len(POISON) >= 10
    platform.assert_equal_everywhere()
    platform.assert_status_ok()
