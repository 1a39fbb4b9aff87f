"""Each event is read by the schema it was written with; values arrive unchanged."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from riada_stream.sink.batch_stats import BatchStats, aggregates
from riada_stream.sink.change import Change
from riada_stream.sink.rows import upserts, write_time
from riada_stream.source.decode import decode_events, key_reader, lenient_reader, reader
from riada_stream.source.schemas import Schemas
from riada_stream.source.validation import validated

from contract.stores.cassandra.table import columns
from contract.table.column import Column
from contract.table.kinds.milliseconds import EARLIEST_MS, LATEST_MS
from contract.table.kinds.text import PLACEHOLDER
from contract.table.kinds.timestamptz import Timestamptz
from contract.table.table import Table
from tests.spark.samples import (
    ID,
    LSN,
    ORDERS,
    ORDERS_SCHEMAS,
    PERSON,
    SCHEMAS,
    USERS,
    V1,
    V2,
    VERSION,
    VERSION_2,
    Pair,
    key,
    order,
    records,
    schema,
    value,
)

WRITE_TIME = write_time(USERS)


def frame_of(
    spark: SparkSession, pairs: Sequence[Pair], table: Table = USERS, schemas: Schemas = SCHEMAS
) -> DataFrame:
    return validated(decode_events(records(spark, pairs), table, schemas), table)


def rows(
    spark: SparkSession, pairs: Sequence[Pair], table: Table = USERS, schemas: Schemas = SCHEMAS
) -> list[Row]:
    collected: list[Row] = upserts(frame_of(spark, pairs, table, schemas), table).collect()
    return collected


def stats_of(frame: DataFrame, table: Table = USERS) -> BatchStats:
    return BatchStats.from_row(frame.agg(*aggregates(table)).first().asDict())


@pytest.fixture(scope="module")
def row(spark: SparkSession) -> Row:
    (row,) = rows(spark, [(key(), value())])
    return row


@pytest.mark.parametrize("table", [USERS, ORDERS], ids=lambda table: table.name)
@pytest.mark.parametrize("schema_of", [reader, lenient_reader, key_reader])
def test_the_readers_schema_is_avro(
    spark: SparkSession, schema_of: Callable[[Table], str], table: Table
) -> None:
    spark._jvm.org.apache.avro.Schema.Parser().parse(schema_of(table))


def test_row_has_the_tables_columns_and_the_write_time(row: Row) -> None:
    assert list(row.asDict()) == [*columns(USERS), WRITE_TIME]
    assert (row[WRITE_TIME], row.source_lsn) == (VERSION, LSN)
    assert (row.topic_partition, row.topic_offset) == (2, 0)
    assert row.committed_at == 1_790_000_000_123


@pytest.mark.parametrize(
    "column",
    [c for c in USERS.columns if not isinstance(c.kind, Timestamptz)],
    ids=lambda c: c.name,
)
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
    stats = stats_of(frame_of(spark, [(key(), value(odd | {"__deleted": "true"}))]))
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
    (row,) = rows(spark, pairs, USERS, Schemas({9: schema(fields)}))
    assert row[WRITE_TIME] == LSN


def test_deletes_are_collected_with_their_version(spark: SparkSession) -> None:
    """A deleted row's other fields are whatever Debezium fills in."""
    empty = {column.name: None if column.nullable else "" for column in USERS.columns}
    empty |= dict.fromkeys(("date_of_birth", "registered_at"), "1970-01-01T00:00:00Z")
    numbers = {"street_number": 0, "latitude": 0.0, "longitude": 0.0}
    gone = empty | numbers | {"id": ID, "__deleted": "true", "__source_ts_ms": 1}
    gone |= {"__source_lsn": LSN}
    pairs = [(key(), value()), (key(), value(gone | {"__version": str(VERSION + 1)}))]
    stats = stats_of(frame_of(spark, pairs))
    assert stats.deletes == (Change((ID,), VERSION + 1, 2, 1),)
    assert stats.sample == (Change((ID,), VERSION, 2, 0),)
    assert (stats.upserts, stats.invalid, stats.unknown_ids) == (1, 0, frozenset())


def test_nothing_known_yet(spark: SparkSession) -> None:
    frame = frame_of(spark, [(key(), value())], USERS, Schemas({}))
    assert stats_of(frame).unknown_ids == {7}


def test_columns_of_any_name_arrive(spark: SparkSession) -> None:
    """Reserved, not ASCII, as Kafka's or as the job's own."""
    (row,) = rows(spark, [order()], ORDERS, ORDERS_SCHEMAS)
    assert row.asDict() == {
        "order": 42,
        "größe": "µ 1",
        "value": "paid",
        "offset": -1,
        "deleted": True,
        "committed_at": 1_183_960_319_390,
        "write_time": None,
        "Topic": 2,
        "tags": '["a",null]',
        "source_lsn": LSN,
        "riada_committed_at": 1_790_000_000_123,
        "topic_partition": 2,
        "topic_offset": 0,
        "write_time_": VERSION,
    }


def test_a_delete_has_every_column_of_the_key(spark: SparkSession) -> None:
    gone = {"__deleted": "true", "value": PLACEHOLDER, "order": 2**63 - 1, "gr__e": '"ß"\\'}
    stats = stats_of(frame_of(spark, [order(gone)], ORDERS, ORDERS_SCHEMAS), ORDERS)
    assert stats.deletes == (Change((2**63 - 1, '"ß"\\'), VERSION, 2, 0),)
    assert stats.invalid == 0


def test_an_unknown_schema_of_a_key_is_seen(spark: SparkSession) -> None:
    schemas = Schemas(ORDERS_SCHEMAS.values, {})
    stats = stats_of(frame_of(spark, [order()], ORDERS, schemas), ORDERS)
    assert (stats.invalid, {*stats.unknown_ids}, {*stats.unknown_key_ids}) == (1, set(), {3})
