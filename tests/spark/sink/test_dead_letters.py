"""A dead letter fits its topic and keeps what the message had: key, headers, origin, age."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from riada_stream.sink.batch_stats import BatchStats, aggregates
from riada_stream.sink.dead_letters import (
    KEY_BYTES,
    VALUE_BYTES,
    dead_letter_without_bytes,
    dead_letters,
    dead_letters_of_records,
)
from riada_stream.source.decode import decode_events
from riada_stream.source.validation import validated, with_bound

from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import LARGEST_REQUEST
from tests.spark.samples import PERSON, SCHEMAS, USERS, VERSION, Headers, Pair, key, records, value

LARGE = 12 << 20
OWN: Headers = [
    ("trace", bytearray(b"abc")),
    ("origin.timestamp", bytearray(b"2026-11-02T03:04:05.678Z")),
]


def decoded(
    spark: SparkSession, pairs: Sequence[Pair], headers: Headers | None = None
) -> DataFrame:
    return validated(decode_events(records(spark, pairs, headers), USERS, SCHEMAS), USERS)


def dead_letters_of(
    spark: SparkSession,
    pairs: Sequence[Pair],
    headers: Headers | None = None,
    bound: int | None = None,
) -> list[Row]:
    frame = with_bound(decoded(spark, pairs, headers), bound)
    rows: list[Row] = dead_letters(frame.drop("event"), USERS, SCHEMAS, {}, "r1").collect()
    return rows


def texts(row: Row) -> dict[str, str]:
    return {header.key: header.value.decode() for header in row.headers}


def size(row: Row) -> int:
    headers = sum(len(header.key) + len(header.value) for header in row.headers)
    return len(row.key or b"") + len(row.value or b"") + headers


def test_a_value_above_the_topics_limit_is_cut(spark: SparkSession) -> None:
    (row,) = dead_letters_of(spark, [(key(), bytes(LARGE))])
    assert size(row) < LARGEST_REQUEST - 1000
    assert (row.key, row.value) == (key(), bytes(VALUE_BYTES))
    assert texts(row)["value.truncated"] == str(LARGE)
    assert texts(row)["origin.offset"] == "0"


def test_a_key_above_the_topics_limit_is_cut(spark: SparkSession) -> None:
    (row,) = dead_letters_of(spark, [(bytes(LARGE), b"x")])
    assert size(row) < LARGEST_REQUEST - 1000
    assert (len(row.key), texts(row)["key.truncated"]) == (KEY_BYTES, str(LARGE))


def test_headers_above_the_topics_limit_are_left_out(spark: SparkSession) -> None:
    (row,) = dead_letters_of(spark, [(key(), b"x")], [("large", bytearray(LARGE)), ("a", None)])
    assert size(row) < LARGEST_REQUEST - 1000
    assert texts(row)["headers.truncated"] == "2"


def test_a_message_that_fits_is_not_cut(spark: SparkSession) -> None:
    (row,) = dead_letters_of(spark, [(key(), b"x" * VALUE_BYTES)])
    assert len(row.value) == VALUE_BYTES
    assert not [name for name in texts(row) if name.endswith("truncated")]


def test_headers_are_kept_and_the_first_timestamp_counts(spark: SparkSession) -> None:
    """The message came on 22 November, its header names it came first on the 2nd."""
    (row,) = dead_letters_of(spark, [(key(), b"x")], OWN)
    assert texts(row)["trace"] == "abc"
    assert [h.key for h in row.headers].count("origin.timestamp") == 1
    assert texts(row)["origin.timestamp"] == "2026-11-02T03:04:05.678Z"


@pytest.mark.parametrize("header", [b"", b"?", b"2099-01-01T00:00:00.000Z"])
def test_a_message_cannot_be_made_younger(spark: SparkSession, header: bytes) -> None:
    (row,) = dead_letters_of(spark, [(key(), b"x")], [("origin.timestamp", bytearray(header))])
    assert texts(row)["origin.timestamp"] == "2026-11-22T20:47:00.005Z"


def test_a_version_beyond_the_servers_is_refused(spark: SparkSession) -> None:
    later = value(PERSON | {"__version": str(VERSION + 1)})
    pairs = [(key(), value()), (key(), later), (key(), value(PERSON | {"__version": None}))]
    (row,) = dead_letters_of(spark, pairs, bound=VERSION)
    assert texts(row)["origin.offset"] == "1"
    assert texts(row)["reason"].startswith(f"version {VERSION + 1} is beyond what PostgreSQL has")
    frame = with_bound(decoded(spark, pairs), VERSION)
    stats = BatchStats.from_row(frame.agg(*aggregates(USERS)).first().asDict())
    assert (stats.upserts, stats.invalid) == (2, 1)
    assert stats.beyond_bound_ms is not None


def test_without_a_bound_every_version_is_taken(spark: SparkSession) -> None:
    frame = with_bound(decoded(spark, [(key(), value())]), None)
    stats = BatchStats.from_row(frame.agg(*aggregates(USERS)).first().asDict())
    assert (stats.upserts, stats.beyond_bound_ms) == (1, None)


def test_a_message_that_must_not_be_decoded(spark: SparkSession) -> None:
    (row,) = dead_letters_of_records(records(spark, [(key(), value())]), "it kills", "r1").collect()
    assert (row.key, row.value, texts(row)["reason"]) == (key(), value(), "it kills")


def test_a_message_that_cannot_be_read(spark: SparkSession) -> None:
    (row,) = dead_letter_without_bytes(spark, USERS, TopicOffset(2, 17), "it kills", "r1").collect()
    assert (row.key, row.value) == (None, None)
    assert texts(row) == {
        "origin.topic": "riada.public.users",
        "origin.partition": "2",
        "origin.offset": "17",
        "reason": "it kills",
        "release": "r1",
        "value.truncated": "unknown",
    }


def test_avro_takes_no_larger_value_than_the_topic() -> None:
    """docker/spark/conf/java-opts, where no Python can take it from contract/kafka/topics."""
    from contract.kafka.topics import events

    options = Path(__file__).parents[3] / "docker/spark/conf/java-opts"
    limits = dict(
        line.removeprefix("-D").split("=")
        for line in options.read_text().splitlines()
        if "avro.limits" in line
    )
    names = ("bytes", "collectionItems", "string")
    wanted = events(USERS).settings["max.message.bytes"]
    assert limits == {f"org.apache.avro.limits.{name}.maxLength": wanted for name in names}
