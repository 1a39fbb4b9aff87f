"""Events that cannot become rows → the dead-letter topic, with their bytes, origin and reason.

Invariant 2: every offset is either written to Cassandra or on this topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from contract.kafka.dead_letters import (
    HEADERS_CUT,
    KEY_CUT,
    ORIGIN_OFFSET,
    ORIGIN_PARTITION,
    ORIGIN_TOPIC,
    OWN_HEADERS,
    REASON,
    RELEASE,
    SCHEMA_ID,
    TIMESTAMP,
    VALUE_CUT,
)
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import LARGEST_REQUEST, events
from contract.kafka.topics import dead_letters as dead_letter_topic
from contract.table.table import Table
from riada_stream.settings import Settings
from riada_stream.source.decode import decode_events, lenient_reader
from riada_stream.source.rejection_reason import rejection_reason, schema_id_text
from riada_stream.source.schemas import Schemas
from riada_stream.source.validation import validated

RECORD = ("key", "value", "headers", "topic", "partition", "offset", "timestamp")
# Longer keys, headers and values are cut: the topic's limit counts the compressed bytes, but the
# producer's limit does not.
KEY_BYTES = HEADERS_BYTES = 256 << 10
VALUE_BYTES = LARGEST_REQUEST - (1 << 20)
REASON_LENGTH = 1_000

RefusedRows = Mapping[TopicOffset, str]  # the message of each row that Cassandra refuses → reason

HEADERS = "array<struct<key:string,value:binary>>"


def dead_letters(
    batch: DataFrame, table: Table, schemas: Schemas, refused: RefusedRows, release: str
) -> DataFrame:
    """key, value, headers (array of key, value) of each event that is invalid or refused.

    `batch` holds validated events.
    """
    rejected = batch.where(~F.col("is_valid") | _is_one_of(refused))
    rejected = rejected.select(*RECORD, F.col("is_beyond_bound").alias("was_beyond_bound"))
    reason = F.when(F.col("was_beyond_bound"), _beyond_bound()).otherwise(rejection_reason(table))
    for message, text in refused.items():
        reason = F.when(_is(message), F.lit(text)).otherwise(reason)
    decoded = decode_events(rejected, table, schemas, lenient_reader(table))
    return _dead_letters(validated(decoded, table).withColumn("reason", reason), release)


def dead_letters_of_records(records: DataFrame, reason: str, release: str) -> DataFrame:
    """Like dead_letters(), for records of Kafka whose values must not be decoded."""
    return _dead_letters(records.select(*RECORD).withColumn("reason", F.lit(reason)), release)


def dead_letter_without_bytes(
    spark: SparkSession, table: Table, message: TopicOffset, reason: str, release: str
) -> DataFrame:
    """A dead letter for a message that cannot be read: it has only the origin."""
    record = spark.range(1).select(
        F.lit(None).cast("binary").alias("key"),
        F.lit(None).cast("binary").alias("value"),
        F.lit(None).cast(HEADERS).alias("headers"),
        F.lit(events(table).name).alias("topic"),
        F.lit(message.partition).alias("partition"),
        F.lit(message.offset).alias("offset"),
        F.lit(None).cast("timestamp").alias("timestamp"),
        F.lit(reason).alias("reason"),
    )
    return _dead_letters(record, release, {VALUE_CUT: F.lit("unknown")})


def send(dead_letters: DataFrame, settings: Settings, table: Table) -> None:
    """Produces dead letters. Returns when the brokers have acknowledged them."""
    (
        dead_letters.write.format("kafka")
        .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
        .option("kafka.max.request.size", LARGEST_REQUEST)
        .option("kafka.compression.type", "lz4")
        .option("kafka.delivery.timeout.ms", 30_000)
        .option("kafka.request.timeout.ms", 10_000)
        .option("topic", dead_letter_topic(table).name)
        .option("includeHeaders", "true")
        .save()
    )


def _dead_letters(
    records: DataFrame, release: str, more_headers: Mapping[str, Column] | None = None
) -> DataFrame:
    own_headers = {
        ORIGIN_TOPIC: F.col("topic"),
        ORIGIN_PARTITION: F.col("partition"),
        ORIGIN_OFFSET: F.col("offset"),
        TIMESTAMP: F.date_format(_first_timestamp(), "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"),
        REASON: F.substring("reason", 1, REASON_LENGTH),
        SCHEMA_ID: F.when(F.expr("substring(value, 1, 1) = X'00'"), schema_id_text()),
        RELEASE: F.lit(release),
        KEY_CUT: F.when(F.length("key") > KEY_BYTES, F.length("key")),
        VALUE_CUT: F.when(F.length("value") > VALUE_BYTES, F.length("value")),
        HEADERS_CUT: F.when(_size(F.col("headers")) > HEADERS_BYTES, F.size("headers")),
        **(more_headers or {}),
    }
    own = F.array(*(_header(name, value) for name, value in own_headers.items()))
    headers = F.concat(_message_headers(), own)
    return records.select(
        F.expr(f"substring(key, 1, {KEY_BYTES})").alias("key"),
        F.expr(f"substring(value, 1, {VALUE_BYTES})").alias("value"),
        F.filter(headers, lambda header: header["value"].isNotNull()).alias("headers"),
    )


def _message_headers() -> Column:
    """The message's headers, without those that a dead letter adds."""
    headers = F.coalesce(F.col("headers"), F.array().cast(HEADERS))
    others = F.filter(headers, lambda header: ~header["key"].isin(*OWN_HEADERS))
    return F.when(_size(headers) > HEADERS_BYTES, F.array().cast(HEADERS)).otherwise(others)


def _size(headers: Column) -> Column:
    """Bytes of all names and values; 0 for null."""
    sizes = F.transform(
        headers,
        lambda header: F.length(header["key"]) + F.coalesce(F.length(header["value"]), F.lit(0)),
    )
    return F.coalesce(F.aggregate(sizes, F.lit(0), lambda total, size: total + size), F.lit(0))


def _first_timestamp() -> Column:
    """When the message came to the topic first. A replayed message has that time in its header."""
    header = F.filter(F.col("headers"), lambda header: header["key"] == TIMESTAMP)[0]["value"]
    return F.least("timestamp", header.cast("string").cast("timestamp"))


def _beyond_bound() -> Column:
    return F.concat(
        F.lit("version "),
        F.col("version"),
        F.lit(" is beyond what PostgreSQL has written: not an event of the connector"),
    )


def _is(message: TopicOffset) -> Column:
    return (F.col("partition") == message.partition) & (F.col("offset") == message.offset)


def _is_one_of(messages: Iterable[TopicOffset]) -> Column:
    return reduce(Column.__or__, map(_is, messages), F.lit(False))


def _header(name: str, value: Column) -> Column:
    return F.struct(F.lit(name).alias("key"), value.cast("string").cast("binary").alias("value"))
