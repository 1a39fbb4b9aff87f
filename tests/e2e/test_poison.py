"""A message that cannot become a row is in the dead-letter topic with its reason; others flow."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

import pytest

from cli.clients.http import call
from tests.harness.kafka import (
    DEAD_LETTERS,
    TOPIC,
    StoredRecord,
    TopicOffset,
    produce,
    records,
)
from tests.harness.platform import Platform
from tests.harness.wait import eventually

KeyValue = tuple[bytes | None, bytes | None]
Poison = Callable[[bytes, bytes, int], KeyValue]
SEEDED = random.Random(1)
VERSION = re.compile(rb"\d{15,19}")

# Name → a function that makes the poison from a good key, a good value and another schema's id, and
# a part of its reason.
POISON: dict[str, tuple[Poison, str]] = {
    "not Avro": (lambda key, value, schema: (key, b"hello, this is no Avro"), "not Avro"),
    "half JSON": (lambda key, value, schema: (key, b'{"id": "00000000-'), "not Avro"),
    "no bytes": (lambda key, value, schema: (key, b""), ""),
    "no value": (lambda key, value, schema: (key, None), "null value"),
    "schema id cut": (lambda key, value, schema: (key, value[:3]), "truncated"),
    "unknown schema id": (
        lambda key, value, schema: (key, b"\0\x7f\xff\xff\xff" + value[5:]),
        "unknown schema id 2147483647",
    ),
    "truncated": (lambda key, value, schema: (key, value[: len(value) // 2]), "not decodable"),
    "noise behind a schema id": (
        lambda key, value, schema: (key, value[:5] + SEEDED.randbytes(300)),
        "",
    ),
    "a text with a claimed length of 1.5 GB": (
        lambda key, value, schema: (key, value[:5] + bytes.fromhex("80bcc1960b")),
        "not decodable",
    ),
    "a version of the far future": (
        lambda key, value, schema: (key, VERSION.sub(lambda v: b"9" * len(v[0]), value)),
        "",
    ),
    "wrong type": (lambda key, value, schema: (key, _wire(schema, b"\x54")), ""),
    "null key": (lambda key, value, schema: (None, value), "null key"),
    "another's key": (lambda key, value, schema: (key[:-4] + b"0000", value), "key"),
    "2 MB": (lambda key, value, schema: (key, b"\xff" + SEEDED.randbytes(2 << 20)), "not Avro"),
}


def _wire(schema: int, body: bytes) -> bytes:
    return b"\0" + schema.to_bytes(4, "big") + body


@pytest.fixture(scope="module")
def good(platform: Platform) -> tuple[bytes, bytes]:
    """Key and value of a record as Debezium writes it."""
    platform.await_run(platform.ingest(10))
    eventually(lambda: platform.count() > 0, "rows in PostgreSQL")
    return next(
        (record.key, record.value)
        for record in records(platform, TOPIC)
        if record.key and record.value and record.is_avro
    )


@pytest.fixture(scope="module")
def other_schema(platform: Platform) -> int:
    """Id of a registered schema in which the id is a number."""
    fields = [{"name": "id", "type": "int"}]
    schema = {"type": "record", "name": "Value", "namespace": TOPIC, "fields": fields}
    registry = f"{platform.installation.url('schema-registry')}/apis/ccompat/v7"
    url = f"{registry}/subjects/poison-value/versions"
    return int(call("POST", url, {"schema": json.dumps(schema), "schemaType": "AVRO"})["id"])


@pytest.mark.timeout(900)
def test_poison_becomes_dead_letters_and_the_rest_flows(
    platform: Platform, good: tuple[bytes, bytes], other_schema: int
) -> None:
    names: dict[TopicOffset, str] = {}
    made: dict[str, KeyValue] = {}
    run = platform.ingest(400, rate=40)
    for name, (make, _) in POISON.items():
        made[name] = make(*good, other_schema)
        names[produce(platform, *made[name])] = name
    platform.await_run(run)

    def dead_letters() -> dict[str, StoredRecord]:
        dead = {
            names[record.origin]: record
            for record in records(platform, DEAD_LETTERS)
            if record.origin in names
        }
        missing = POISON.keys() - dead.keys()
        if missing:
            raise LookupError(f"not in the dead-letter topic: {sorted(missing)}")
        return dead

    for name, record in eventually(dead_letters, "all are dead letters", 240, pause_s=5).items():
        assert (record.key, record.value) == made[name], f"{name}: other bytes than produced"
        headers = record.headers
        assert headers["origin.topic"] == TOPIC
        assert headers["reason"] and POISON[name][1] in headers["reason"], f"{name}: {headers}"
    assert len(POISON) >= 10
    platform.assert_equal_everywhere()
    platform.assert_status_ok()
