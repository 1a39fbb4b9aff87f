"""An event that cannot become a row gets its reason, and valid events beside it pass."""

from __future__ import annotations

import math

import pytest
from pyspark.sql import DataFrame, SparkSession
from riada_stream.sink.batch_stats import BatchStats, aggregates
from riada_stream.sink.dead_letters import dead_letters
from riada_stream.sink.rows import upserts
from riada_stream.source.decode import decode_events
from riada_stream.source.rejection_reason import NO_TIME
from riada_stream.source.schemas import Schemas
from riada_stream.source.validation import validated

from contract.kafka.offsets import TopicOffset
from contract.table import file
from tests.spark.samples import (
    ID,
    ORDERS,
    ORDERS_SCHEMAS,
    PERSON,
    SCHEMAS,
    USERS,
    V1,
    Pair,
    fields,
    key,
    order,
    records,
    schema,
    value,
)

UNKNOWN = 4242
NO_EMAIL = [field for field in V1 if field[0] != "email"]
NO_ID = [field for field in V1 if field[0] != "id"]
NO_LSN = [field for field in V1 if field[0] != "__source_lsn"]
INT_EMAIL = [(name, "int" if name == "email" else kind) for name, kind in V1]
WRITERS = Schemas(
    {
        **SCHEMAS.values,
        31: schema(NO_EMAIL),
        32: schema(NO_ID),
        33: schema(NO_LSN),
        34: schema(INT_EMAIL),
    }
)
UNDECODABLE = "not decodable by schema {}: truncated or of other types"

POISON = {
    "both null": (None, None, "null value"),
    "null value": (key(), None, "null value"),
    "null key": (None, value(), "null key"),
    "empty value": (key(), b"", "empty value"),
    "json": (key(), b'{"id": 1}', "not Avro in the Confluent wire format: first byte 0x7B"),
    "2 MB": (key(), b"x" * 2_000_000, "not Avro in the Confluent wire format: first byte 0x78"),
    "magic only": (key(), b"\x00", "truncated: nothing after the schema id"),
    "schema id only": (key(), value()[:5], "truncated: nothing after the schema id"),
    "unknown schema": (key(), value(schema_id=UNKNOWN), f"unknown schema id {UNKNOWN}"),
    "huge schema id": (key(), b"\x00\xff\xff\xff\xffabc", "unknown schema id 4294967295"),
    "truncated": (key(), value()[:-40], UNDECODABLE.format(7)),
    "garbage": (key(), value()[:5] + b"\xff" * 300, UNDECODABLE.format(7)),
    "a text with a claimed length of 1.5 GB": (
        key(),
        value()[:5] + bytes.fromhex("80bcc1960b"),
        UNDECODABLE.format(7),
    ),
    "wrong type": (key(), value(PERSON | {"email": 5}, INT_EMAIL, 34), UNDECODABLE.format(34)),
    "no email": (key(), value(PERSON, NO_EMAIL, 31), "missing field: email"),
    "no id": (key(), value(PERSON, NO_ID, 32), "missing field: id"),
    "no lsn": (key(), value(PERSON, NO_LSN, 33), "missing field: __source_lsn"),
    "no number": (key(), value(PERSON | {"__version": "newest"}), "not a version: __version"),
    "half a number": (key(), value(PERSON | {"__version": "3.7"}), "not a version: __version"),
    "not UTF-8": (
        key(),
        value(PERSON | {"city": "xxxx"}).replace(b"xxxx", b"x\xff\xfex"),
        "not UTF-8: city",
    ),
    "below 0": (key(), value(PERSON | {"__version": "-1"}), "not a version: __version"),
    "bad id": (key("1 OR 1"), value(PERSON | {"id": "1 OR 1"}), "not a UUID: id"),
    "another's key": (key(ID[::-1]), value(), "the key is not the row's"),
    "bad time": (key(), value(PERSON | {"date_of_birth": "?"}), f"{NO_TIME}: date_of_birth"),
    "infinity": (
        key(),
        value(PERSON | {"date_of_birth": "infinity", "registered_at": "-infinity"}),
        f"{NO_TIME}: date_of_birth, registered_at",
    ),
    "before the calendar": (
        key(),
        value(PERSON | {"date_of_birth": "1582-10-14T23:59:59.999Z"}),
        f"{NO_TIME}: date_of_birth",
    ),
    "BC": (
        key(),
        value(PERSON | {"date_of_birth": "-0043-03-15T00:00:00Z"}),
        f"{NO_TIME}: date_of_birth",
    ),
    "year 12024": (
        key(),
        value(PERSON | {"registered_at": "+12024-01-01T00:00:00Z"}),
        f"{NO_TIME}: registered_at",
    ),
    "odd commit": (
        key(),
        value(PERSON | {"__source_ts_ms": -(2**63)}),
        f"{NO_TIME}: __source_ts_ms",
    ),
    "not a number": (
        key(),
        value(PERSON | {"latitude": math.nan, "longitude": -math.inf}),
        "not a finite number: latitude, longitude",
    ),
    "too long": (
        key(),
        value(PERSON | {"city": "x" * 256, "email": "é" * 256}),
        "too long: city, email",
    ),
    "not logged": (
        key(),
        value(PERSON | {"city": "__debezium_unavailable_value"}),
        "value not in the event (unchanged large value): city",
    ),
}


@pytest.fixture(scope="module")
def frame(spark: SparkSession) -> DataFrame:
    """A valid event, then each poison followed by a valid event."""
    pairs: list[Pair] = [(key(), value())]
    for k, v, _ in POISON.values():
        pairs += [(k, v), (key(), value())]
    return (
        validated(decode_events(records(spark, pairs), USERS, WRITERS), USERS).drop("event").cache()
    )


DeadLetter = tuple[bytes | None, bytes | None, dict[str, str]]


@pytest.fixture(scope="module")
def dead_letters_by_offset(frame: DataFrame) -> dict[int, DeadLetter]:
    """Offset → (key, value, headers)."""
    by_offset = {}
    for row in dead_letters(frame, USERS, WRITERS, {}, "r1").collect():
        headers = {header.key: header.value.decode() for header in row.headers}
        by_offset[int(headers["origin.offset"])] = (row.key, row.value, headers)
    return by_offset


@pytest.mark.parametrize("case", POISON)
def test_becomes_a_dead_letter(dead_letters_by_offset: dict[int, DeadLetter], case: str) -> None:
    poison_key, poison_value, reason = POISON[case]
    offset = 1 + 2 * list(POISON).index(case)
    dead_key, dead_value, headers = dead_letters_by_offset[offset]
    assert headers["reason"] == reason
    assert (dead_key, dead_value) == (poison_key, poison_value)
    assert headers["origin.topic"] == "riada.public.users"
    assert headers["origin.partition"] == "2"
    assert headers["origin.timestamp"] == "2026-11-22T20:47:00.005Z"
    assert headers["release"] == "r1"


def test_valid_events_pass(frame: DataFrame) -> None:
    offsets = {row.topic_offset for row in upserts(frame, USERS).collect()}
    assert offsets == {2 * n for n in range(len(POISON) + 1)}


def test_stats_count_every_event(frame: DataFrame) -> None:
    stats = BatchStats.from_row(frame.agg(*aggregates(USERS)).first().asDict())
    assert stats.invalid == len(POISON)
    assert stats.upserts == len(POISON) + 1
    assert stats.unknown_ids == {UNKNOWN, 0xFFFFFFFF}


def test_a_refused_row_has_the_reason_of_cassandra(frame: DataFrame) -> None:
    refused = {TopicOffset(2, 0): "refused by Cassandra: no"}
    rows = dead_letters(frame, USERS, WRITERS, refused, "r1").collect()
    assert len(rows) == len(POISON) + 1
    headers = {header.key: header.value.decode() for header in rows[0].headers}
    assert (headers["origin.offset"], headers["reason"]) == ("0", "refused by Cassandra: no")
    assert headers["schema.id"] == "7"


ORDER_KEY, ORDER_VALUE = order()
assert ORDER_KEY is not None
ANOTHERS_KEY = order({"gr__e": "another"})[0]
POISON_ORDERS = {
    "another's key": (ANOTHERS_KEY, order()[1], "the key is not the row's"),
    "a key that is cut": (ORDER_KEY[:-2], ORDER_VALUE, "the key is not the row's"),
    "a key of an unknown schema": (key(), order()[1], "the key's schema is unknown"),
    "too long": (*order({"gr__e": "x" * 11}), "too long: größe"),
    "not logged": (
        *order({"tags": ["__debezium_unavailable_value"]}),
        "value not in the event (unchanged large value): tags",
    ),
}


@pytest.mark.parametrize("case", POISON_ORDERS)
def test_reasons_of_a_table_with_a_key_of_two_columns(spark: SparkSession, case: str) -> None:
    poison_key, poison_value, reason = POISON_ORDERS[case]
    if case == "a key of an unknown schema":
        poison_key = b"\x00\x00\x00\x00\x09" + (poison_key or b"")[5:]
    events = records(spark, [order(), (poison_key, poison_value)])
    frame = validated(decode_events(events, ORDERS, ORDERS_SCHEMAS), ORDERS)
    (row,) = dead_letters(
        frame.drop("event", "event_key"), ORDERS, ORDERS_SCHEMAS, {}, "r1"
    ).collect()
    headers = {header.key: header.value.decode() for header in row.headers}
    assert (headers["origin.offset"], headers["reason"]) == ("1", reason)


TEXT_KEY = file.read("tags", 'key = ["tag"]\n[columns]\ntag = "text"\nuses = "int4"')
TEXT_KEY_FIELDS = fields(TEXT_KEY)


@pytest.mark.parametrize("length", [1, 62, 63, 8190, 8191])
def test_a_key_of_one_text_is_compared_by_its_bytes(spark: SparkSession, length: int) -> None:
    """Also where Avro's length takes one byte more."""
    text = "é" + "x" * (length - 1)

    def event(changes: str) -> bytes:
        row = PERSON | {"tag": changes, "uses": 1}
        return value(row, TEXT_KEY_FIELDS)

    pairs = [
        (key(text), event(text)),
        (key("a" + text), event(text)),
        (key(text), event(text + "a")),
    ]
    schemas = Schemas({7: schema(TEXT_KEY_FIELDS)})
    frame = validated(decode_events(records(spark, pairs), TEXT_KEY, schemas), TEXT_KEY)
    assert [row.is_valid for row in frame.orderBy("offset").collect()] == [True, False, False]
