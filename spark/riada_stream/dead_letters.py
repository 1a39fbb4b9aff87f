"""Events that cannot become rows: to the dead-letter topic with bytes, origin and reason.

Invariant 2: every offset is written to Cassandra or is here.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from riada_stream.checks import reason, schema_id_text
from riada_stream.settings import DEAD_LETTER_TOPIC, Settings

MAX_BYTES = 10 * 1024 * 1024

Refused = Mapping[tuple[int, int], str]
"""(partition, offset) → why Cassandra does not take that row."""


def dead_letters(checked: DataFrame, refused: Refused, release: str) -> DataFrame:
    """key, value, headers (array of key, value) of each event that is not good or is refused."""
    why = reason()
    for (partition, offset), text in refused.items():
        here = (F.col("partition") == partition) & (F.col("offset") == offset)
        why = F.when(here, F.lit(text)).otherwise(why)
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
        checked.withColumn("reason", why)
        .where("reason is not null")
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


def _header(name: str, value: Column) -> Column:
    return F.struct(F.lit(name).alias("key"), value.cast("string").cast("binary").alias("value"))
