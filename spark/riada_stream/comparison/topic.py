"""The digests of the events on a table's topic, which Spark decodes as the stream does, and the
messages that are not events of a row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from contract.jobs.spark_comparison import ComparisonRequest, Span
from contract.kafka import topics
from contract.kafka.change import Event, UndecodableError
from contract.kafka.events import schema_id
from contract.kafka.message_identity import HeaderList, MessageIdentity, origin
from contract.kafka.offsets import TopicOffset
from contract.table.table import Table
from riada_stream.comparison.digests import SCHEMA, Store, StoredRow, hexadecimal
from riada_stream.settings import Settings
from riada_stream.source.decode import decode_events, lenient_reader
from riada_stream.source.options import SOURCE
from riada_stream.source.schemas import Schemas

# StoredRow.message: of all messages that have a dead letter, and of each undecodable one.
REFUSED = "refused"
UNDECODABLE = "undecodable: "
UNKNOWN_SCHEMA = f"{UNDECODABLE}names schema "  # the id follows
REGISTERED = "those that the Schema Registry has for this table"
REASON_LENGTH = 200
# Dead letters that each task may have in memory. More are joined in sorted parts.
BROADCAST = 50_000


def digests(
    spark: SparkSession,
    settings: Settings,
    table: Table,
    schemas: Schemas,
    request: ComparisonRequest,
    parts: int,
) -> DataFrame:
    """One row for each message of the request's offsets."""
    records = read(spark, settings, topics.events(table).name, request.topic, parts)
    if records is None:
        return spark.createDataFrame([], SCHEMA)
    dead_letters = read(spark, settings, topics.dead_letters(table).name, request.dead_letters, 1)
    count = sum(span.end - span.start for span in request.dead_letters)
    return digests_of(records, dead_letters, table, schemas, count <= BROADCAST)


def digests_of(
    records: DataFrame, dead_letters: DataFrame | None, table: Table, schemas: Schemas, few: bool
) -> DataFrame:
    """Both frames have Kafka's columns. `few`: each task can hold the dead letters."""
    decoded = decode_events(records, table, schemas, lenient_reader(table)).select(
        *("partition", "offset", F.unix_millis("timestamp").alias("ms"), "headers"),
        *("prefix", "has_known_schema", "event"),
    )
    if dead_letters is None:
        decoded = decoded.withColumn("first_ms", F.expr("cast(null as array<bigint>)"))
    else:
        origins = _origins(dead_letters)
        origins = F.broadcast(origins) if few else origins
        decoded = decoded.join(origins, ["partition", "offset"], "left")
    rows = decoded.rdd.mapPartitions(partial(stored, table))
    return records.sparkSession.createDataFrame(rows, SCHEMA, verifySchema=False)


def read(
    spark: SparkSession, settings: Settings, topic: str, spans: Sequence[Span], parts: int
) -> DataFrame | None:
    """The messages in about so many partitions; None if there are none."""
    filled = [span for span in spans if span.start < span.end]
    if not filled:
        return None

    def offsets(of: Iterable[tuple[int, int]]) -> str:
        return json.dumps({topic: {str(partition): offset for partition, offset in of}})

    return (
        spark.read.format("kafka")
        # The result has the numbers of expected and of read messages.
        .options(**SOURCE | {"failOnDataLoss": "false"})
        .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
        .option("assign", json.dumps({topic: [span.partition for span in filled]}))
        .option("startingOffsets", offsets((span.partition, span.start) for span in filled))
        .option("endingOffsets", offsets((span.partition, span.end) for span in filled))
        .option("minPartitions", max(parts, len(filled)))
        .load()
    )


def _origins(dead_letters: DataFrame) -> DataFrame:
    """`partition` and `offset` of each message with a dead letter, and `first_ms`: the times of
    MessageIdentity, -1 for None."""
    rows = dead_letters.select("headers").rdd.mapPartitions(_read_origins)
    schema = "partition int, offset bigint, first_ms bigint"
    origins = dead_letters.sparkSession.createDataFrame(rows, schema, verifySchema=False)
    return origins.groupBy("partition", "offset").agg(F.collect_set("first_ms").alias("first_ms"))


def _read_origins(records: Iterator[Row]) -> Iterator[tuple[int, int, int]]:
    """On an executor."""
    for record in records:
        identity = origin(_headers(record))
        first_ms = -1 if identity.first_ms is None else identity.first_ms
        yield (*identity.place, first_ms)


def stored(table: Table, messages: Iterator[Row]) -> Iterator[StoredRow]:
    """On an executor."""
    for message in messages:
        place = TopicOffset(message.partition, message.offset)
        if message.first_ms is not None and _has_dead_letter(place, message):
            yield _no_row(place, REFUSED)
            continue
        if not message.has_known_schema:
            yield _no_row(place, _no_schema(message.prefix))
            continue
        try:
            event = Event.of(table, message.event.asDict())
        except UndecodableError as error:
            yield _no_row(place, f"{UNDECODABLE}{error}"[:REASON_LENGTH])
            continue
        text = None if event.deleted else hexadecimal(table, event.row)
        yield StoredRow(Store.TOPIC.value, event.key, text, event.version, *place)


def _no_schema(prefix: bytearray | None) -> str:
    number = None if prefix is None else schema_id(bytes(prefix))
    if number is None:
        return f"{UNDECODABLE}is not in the Confluent wire format"
    return f"{UNKNOWN_SCHEMA}{number}, which is not one of {REGISTERED}"


def _no_row(place: TopicOffset, message: str) -> StoredRow:
    return StoredRow(Store.TOPIC.value, None, None, None, *place, message=message)


def _has_dead_letter(place: TopicOffset, message: Row) -> bool:
    timestamp = message.ms if message.ms is not None and message.ms > 0 else None
    identity = MessageIdentity.of(place, timestamp, _headers(message))
    return identity.first_ms in message.first_ms or -1 in message.first_ms


def _headers(record: Any) -> HeaderList:
    """Kafka's headers as bytes."""
    return tuple(
        (header.key, None if header.value is None else bytes(header.value))
        for header in record.headers or ()
    )
