"""Each event is read by the schema it was written with; values arrive unchanged."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from uuid import UUID

import pytest
from pyspark.sql import Row, SparkSession
from riada_stream.sink.batch_stats import BatchStats, Change, aggregates
from riada_stream.sink.rows import WRITE_TIME, upserts
from riada_stream.source.decode import LENIENT, READER, decode_events
from riada_stream.source.validation import validated

from contract.stores.cassandra.cql import columns
from contract.table.columns import COLUMNS, Column
from contract.table.domain import EARLIEST_MS, LATEST_MS, PLACEHOLDER
from tests.spark.samples import (
    ID,
    LSN,
    PERSON,
    SCHEMAS,
    V1,
    V2,
    VERSION,
    VERSION_2,
    Pair,
    key,
    records,
    schema,
    value,
)


def rows(spark: SparkSession, pairs: Sequence[Pair]) -> list[Row]:
    collected: list[Row] = upserts(
        validated(decode_events(records(spark, pairs), SCHEMAS))
    ).collect()
    return collected


@pytest.fixture(scope="module")
def row(spark: SparkSession) -> Row:
    (row,) = rows(spark, [(key(), value())])
    return row


@pytest.mark.parametrize("reader", [READER, LENIENT])
def test_reader_is_avro(spark: SparkSession, reader: str) -> None:
    spark._jvm.org.apache.avro.Schema.Parser().parse(reader)


def test_row_has_the_tables_columns_and_the_write_time(row: Row) -> None:
    assert list(row.asDict()) == [*columns(), WRITE_TIME]
    assert (row[WRITE_TIME], row.source_lsn) == (VERSION, LSN)
    assert (row.topic_partition, row.topic_offset) == (2, 0)
    assert row.committed_at == 1_790_000_000_123


@pytest.mark.parametrize("column", [c for c in COLUMNS if c.kind != "timestamp"])
def test_value_arrives(row: Row, column: Column) -> None:
    assert row[column.name] == PERSON[column.name]


TIMES = {
    "1992-03-08T15:13:16.688Z": 700_067_596_688,
    "2007-07-09T05:51:59.390000Z": 1_183_960_319_390,
    "1969-12-31T23:59:59.999Z": -1,
    "1582-10-15T00:00:00Z": EARLIEST_MS,
    "9999-12-31T23:59:59.999Z": LATEST_MS,
}


def test_times_arrive_to_the_millisecond(spark: SparkSession) -> None:
    pairs = [(key(), value(PERSON | {"date_of_birth": text})) for text in TIMES]
    assert [row.date_of_birth for row in rows(spark, pairs)] == list(TIMES.values())


DOUBLES = [0.0, -0.0, 5e-324, -sys.float_info.max, 0.1]


def test_doubles_arrive_to_the_last_bit(spark: SparkSession) -> None:
    pairs = [(key(), value(PERSON | {"latitude": double})) for double in DOUBLES]
    assert [repr(row.latitude) for row in rows(spark, pairs)] == [repr(d) for d in DOUBLES]


def test_a_person_outside_the_domain_may_be_deleted(spark: SparkSession) -> None:
    odd = PERSON | {"latitude": math.nan, "date_of_birth": "infinity", "city": PLACEHOLDER}
    frame = validated(
        decode_events(records(spark, [(key(), value(odd | {"__deleted": "true"}))]), SCHEMAS)
    )
    stats = BatchStats.from_row(frame.agg(*aggregates()).first().asDict())
    assert (stats.invalid, len(stats.deletes)) == (0, 1)


def test_schemas_mix_in_one_batch(spark: SparkSession) -> None:
    newer = value(PERSON | {"nickname": "Bo", "city": "Oslo"}, V2, VERSION_2)
    old, new = rows(spark, [(key(), value()), (key(), newer)])
    assert (old.city, old.id_name) == (PERSON["city"], PERSON["id_name"])
    assert (new.city, new.id_name) == ("Oslo", None)


def test_text_of_four_byte_characters_is_measured_in_characters(spark: SparkSession) -> None:
    (row,) = rows(spark, [(key(), value(PERSON | {"city": "😀" * 255}))])
    assert row.city == "😀" * 255


def test_an_event_from_before_versions_is_of_epoch_0(spark: SparkSession) -> None:
    fields = [field for field in V1 if field[0] != "__version"]
    pairs = [(key(), value(PERSON, fields, 9))]
    (row,) = upserts(validated(decode_events(records(spark, pairs), {9: schema(fields)}))).collect()
    assert row[WRITE_TIME] == LSN


def test_deletes_are_collected_with_their_version(spark: SparkSession) -> None:
    """A deleted row's other fields are whatever Debezium fills in."""
    empty = {column.name: None if column.nullable else "" for column in COLUMNS}
    empty |= dict.fromkeys(("date_of_birth", "registered_at"), "1970-01-01T00:00:00Z")
    numbers = {"street_number": 0, "latitude": 0.0, "longitude": 0.0}
    gone = empty | numbers | {"id": ID, "__deleted": "true", "__source_ts_ms": 1}
    gone |= {"__source_lsn": LSN}
    pairs = [(key(), value()), (key(), value(gone | {"__version": str(VERSION + 1)}))]
    frame = validated(decode_events(records(spark, pairs), SCHEMAS))
    stats = BatchStats.from_row(frame.agg(*aggregates()).first().asDict())
    assert stats.deletes == (Change(UUID(ID), VERSION + 1, 2, 1),)
    assert stats.sample == (Change(UUID(ID), VERSION, 2, 0),)
    assert (stats.upserts, stats.invalid, stats.unknown_ids) == (1, 0, frozenset())


def test_nothing_known_yet(spark: SparkSession) -> None:
    frame = validated(decode_events(records(spark, [(key(), value())]), {}))
    assert BatchStats.from_row(frame.agg(*aggregates()).first().asDict()).unknown_ids == {7}
