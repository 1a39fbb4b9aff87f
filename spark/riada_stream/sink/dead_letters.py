"""Events that cannot become rows: to the dead-letter topic with bytes, origin and reason.

Invariant 2: every offset is written to Cassandra or is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from contract.kafka.dead_letters import HEADERS_CUT, KEY_CUT, OWN_HEADERS, TIMESTAMP, VALUE_CUT
from contract.kafka.topics import DEAD_LETTERS
from riada_stream.settings import DEAD_LETTER_TOPIC, TOPIC, Settings
from riada_stream.source.decode import LENIENT, events
from riada_stream.source.ranges import Place
from riada_stream.source.reasons import reason, schema_id_text
from riada_stream.source.validation import checked

RECORD = ("key", "value", "headers", "topic", "partition", "offset", "timestamp")
MAX_BYTES = int(DEAD_LETTERS.settings["max.message.bytes"])
KEY_BYTES = HEADERS_BYTES = 256 << 10
VALUE_BYTES = MAX_BYTES - (1 << 20)
"""Longer ones are cut: the topic's limit counts the compressed bytes, the producer's does not."""
REASON_LENGTH = 1_000

Refused = Mapping[Place, str]
"""(partition, offset) → why Cassandra does not take that row."""

HEADERS = "array<struct<key:string,value:binary>>"


def dead_letters(
    batch: DataFrame, schemas: Mapping[int, str], refused: Refused, release: str
) -> DataFrame:
    """key, value, headers (array of key, value) of each event that is not good or is refused."""
    bad = batch.where(~F.col("good") | _is_one_of(refused))
    bad = bad.select(*RECORD, F.col("beyond").alias("from_the_future"))
    why = F.when(F.col("from_the_future"), _beyond()).otherwise(reason())
    for place, text in refused.items():
        why = F.when(_is(place), F.lit(text)).otherwise(why)
    return _records(checked(events(bad, schemas, LENIENT)).withColumn("reason", why), release)


def of_records(records: DataFrame, reason: str, release: str) -> DataFrame:
    """The same of Kafka's records whose values must not be decoded."""
    return _records(records.select(*RECORD).withColumn("reason", F.lit(reason)), release)


def without_bytes(spark: SparkSession, place: Place, reason: str, release: str) -> DataFrame:
    """The same of a message that cannot even be read: its origin alone."""
    partition, offset = place
    record = spark.range(1).select(
        F.lit(None).cast("binary").alias("key"),
        F.lit(None).cast("binary").alias("value"),
        F.lit(None).cast(HEADERS).alias("headers"),
        F.lit(TOPIC).alias("topic"),
        F.lit(partition).alias("partition"),
        F.lit(offset).alias("offset"),
        F.lit(None).cast("timestamp").alias("timestamp"),
        F.lit(reason).alias("reason"),
    )
    return _records(record, release, {VALUE_CUT: F.lit("unknown")})


def send(letters: DataFrame, settings: Settings) -> None:
    """Produces dead letters; returns when the brokers have them."""
    (
        letters.write.format("kafka")
        .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
        .option("kafka.max.request.size", MAX_BYTES)
        .option("kafka.compression.type", "lz4")
        .option("kafka.delivery.timeout.ms", 30_000)
        .option("kafka.request.timeout.ms", 10_000)
        .option("topic", DEAD_LETTER_TOPIC)
        .option("includeHeaders", "true")
        .save()
    )


def _records(
    records: DataFrame, release: str, more: Mapping[str, Column] | None = None
) -> DataFrame:
    own = {
        "origin.topic": F.col("topic"),
        "origin.partition": F.col("partition"),
        "origin.offset": F.col("offset"),
        TIMESTAMP: F.date_format(_first_timestamp(), "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"),
        "reason": F.substring("reason", 1, REASON_LENGTH),
        "schema.id": F.when(F.expr("substring(value, 1, 1) = X'00'"), schema_id_text()),
        "release": F.lit(release),
        KEY_CUT: F.when(F.length("key") > KEY_BYTES, F.length("key")),
        VALUE_CUT: F.when(F.length("value") > VALUE_BYTES, F.length("value")),
        HEADERS_CUT: F.when(_size(F.col("headers")) > HEADERS_BYTES, F.size("headers")),
        **(more or {}),
    }
    headers = F.concat(_kept(), F.array(*(_header(name, value) for name, value in own.items())))
    return records.select(
        F.expr(f"substring(key, 1, {KEY_BYTES})").alias("key"),
        F.expr(f"substring(value, 1, {VALUE_BYTES})").alias("value"),
        F.filter(headers, lambda header: header["value"].isNotNull()).alias("headers"),
    )


def _kept() -> Column:
    """The message's own headers: all but those that a dead letter has of its own."""
    headers = F.coalesce(F.col("headers"), F.array().cast(HEADERS))
    others = F.filter(headers, lambda header: ~header["key"].isin(*OWN_HEADERS))
    return F.when(_size(headers) > HEADERS_BYTES, F.array().cast(HEADERS)).otherwise(others)


def _size(headers: Column) -> Column:
    sizes = F.transform(
        headers, lambda one: F.length(one["key"]) + F.coalesce(F.length(one["value"]), F.lit(0))
    )
    return F.coalesce(F.aggregate(sizes, F.lit(0), lambda one, other: one + other), F.lit(0))


def _first_timestamp() -> Column:
    """When the message came to the topic first: one that was sent again says so in its header."""
    said = F.filter(F.col("headers"), lambda header: header["key"] == TIMESTAMP)[0]["value"]
    return F.least("timestamp", said.cast("string").cast("timestamp"))


def _beyond() -> Column:
    return F.concat(
        F.lit("version "),
        F.col("version"),
        F.lit(" is beyond what PostgreSQL has written: not an event of the connector"),
    )


def _is(place: Place) -> Column:
    partition, offset = place
    return (F.col("partition") == partition) & (F.col("offset") == offset)


def _is_one_of(places: Iterable[Place]) -> Column:
    return reduce(Column.__or__, map(_is, places), F.lit(False))


def _header(name: str, value: Column) -> Column:
    return F.struct(F.lit(name).alias("key"), value.cast("string").cast("binary").alias("value"))
