"""Rows that are written one by one are of the types that Cassandra's driver takes."""

from __future__ import annotations

import struct

import pytest
from cassandra.cqltypes import lookup_casstype
from pyspark.sql import SparkSession
from riada_stream.sink.cassandra_session import bind_values
from riada_stream.sink.rows import WRITE_TIME, upserts
from riada_stream.source.decode import decode_events
from riada_stream.source.validation import validated

from contract.stores.cassandra.cql import columns
from contract.table.domain import EARLIEST_MS, LATEST_MS
from tests.spark.samples import PERSON, SCHEMAS, key, records, value

KINDS = columns() | {WRITE_TIME: "bigint"}
JAVA_TYPES = {
    "uuid": "UUIDType",
    "text": "UTF8Type",
    "int": "Int32Type",
    "bigint": "LongType",
    "double": "DoubleType",
    "timestamp": "TimestampType",
}
PROTOCOL = 5


@pytest.fixture(scope="module")
def bound(spark: SparkSession) -> dict[str, object]:
    """Column → value, as the driver gets it."""
    frame = upserts(validated(decode_events(records(spark, [(key(), value(PERSON))]), SCHEMAS)))
    (row,) = frame.collect()
    return dict(zip(KINDS, bind_values(row), strict=True))


@pytest.mark.parametrize("column", KINDS)
def test_driver_takes_the_value(bound: dict[str, object], column: str) -> None:
    if bound[column] is None:
        assert column == "id_value"
        return
    kind = lookup_casstype(JAVA_TYPES[KINDS[column]])
    assert kind.serialize(bound[column], PROTOCOL)


@pytest.mark.parametrize("milliseconds", [EARLIEST_MS, -1, 0, LATEST_MS])
def test_driver_writes_each_millisecond_as_it_is(milliseconds: int) -> None:
    kind = lookup_casstype("TimestampType")
    assert kind.serialize(milliseconds, PROTOCOL) == struct.pack(">q", milliseconds)
