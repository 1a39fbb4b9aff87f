"""Events that cannot become rows: to the dead-letter topic with bytes, origin and reason.

Invariant 2: every offset is written to Cassandra or is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from riada_stream.checks import checked
from riada_stream.decode import LENIENT, events
from riada_stream.reasons import reason, schema_id_text
from riada_stream.settings import DEAD_LETTER_TOPIC, Settings

RECORD = ("key", "value", "topic", "partition", "offset", "timestamp")
MAX_BYTES = 10 * 1024 * 1024

Refused = Mapping[tuple[int, int], str]
"""(partition, offset) → why Cassandra does not take that row."""


def dead_letters(
    batch: DataFrame, schemas: Mapping[int, str], refused: Refused, release: str
) -> DataFrame:
    """key, value, headers (array of key, value) of each event that is not good or is refused."""
    bad = batch.where(~F.col("good") | _is_one_of(refused)).select(*RECORD)
    why = reason()
    for place, text in refused.items():
        why = F.when(_is(place), F.lit(text)).otherwise(why)
    headers = {
        "origin.topic": F.col("topic"),
        "origin.partition": F.col("partition"),
        "origin.offset": F.col("offset"),
        "origin.timestamp": F.date_format("timestamp", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"),
        "reason": F.col("reason"),
        "schema.id": F.when(F.expr("substring(value, 1, 1) = X'00'"), schema_id_text()),
        "release": F.lit(release),
    }
    told = F.array(*(_header(name, value) for name, value in headers.items()))
    return (
        checked(events(bad, schemas, LENIENT))
        .withColumn("reason", why)
        .select("key", "value", F.filter(told, lambda h: h["value"].isNotNull()).alias("headers"))
    )


def send(letters: DataFrame, settings: Settings) -> None:
    """Produces letters; returns when the brokers have them."""
    (
        letters.write.format("kafka")
        .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
        .option("kafka.max.request.size", MAX_BYTES)
        .option("kafka.compression.type", "lz4")
        .option("kafka.delivery.timeout.ms", 30_000)
        .option("kafka.request.timeout.ms", 10_000)
        .option("topic", DEAD_LETTER_TOPIC)
        .save()
    )


def _is(place: tuple[int, int]) -> Column:
    partition, offset = place
    return (F.col("partition") == partition) & (F.col("offset") == offset)


def _is_one_of(places: Iterable[tuple[int, int]]) -> Column:
    return reduce(Column.__or__, map(_is, places), F.lit(False))


def _header(name: str, value: Column) -> Column:
    return F.struct(F.lit(name).alias("key"), value.cast("string").cast("binary").alias("value"))
