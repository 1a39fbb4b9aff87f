"""Rows that are written one by one are of the types that Cassandra's driver takes."""

from __future__ import annotations

import struct

import pytest
from cassandra.cqltypes import lookup_casstype
from pyspark.sql import SparkSession
from riada_stream.sink.cassandra_session import bind_values
from riada_stream.sink.rows import upserts, write_time
from riada_stream.source.decode import decode_events
from riada_stream.source.schemas import Schemas
from riada_stream.source.validation import validated

from contract.stores.cassandra.table import columns
from contract.table.kinds.milliseconds import EARLIEST_MS, LATEST_MS
from contract.table.table import Table
from tests.spark.samples import (
    ORDERS,
    ORDERS_SCHEMAS,
    SCHEMAS,
    USERS,
    Pair,
    key,
    order,
    records,
    value,
)

JAVA_TYPES = {
    "uuid": "UUIDType",
    "text": "UTF8Type",
    "int": "Int32Type",
    "bigint": "LongType",
    "double": "DoubleType",
    "boolean": "BooleanType",
    "timestamp": "TimestampType",
}
PROTOCOL = 5


@pytest.mark.parametrize(
    ("table", "schemas", "event", "nulls"),
    [
        (USERS, SCHEMAS, (key(), value()), {"id_value"}),
        (ORDERS, ORDERS_SCHEMAS, order(), {"write_time"}),
    ],
    ids=["users", "orders"],
)
def test_the_driver_takes_each_value(
    spark: SparkSession, table: Table, schemas: Schemas, event: Pair, nulls: set[str]
) -> None:
    frame = validated(decode_events(records(spark, [event]), table, schemas), table)
    (row,) = upserts(frame, table).collect()
    kinds = columns(table) | {write_time(table): "bigint"}
    bound = dict(zip(kinds, bind_values(table, row), strict=True))
    assert {name for name, value in bound.items() if value is None} == nulls
    for name, bound_value in bound.items():
        if bound_value is not None:
            assert lookup_casstype(JAVA_TYPES[kinds[name]]).serialize(bound_value, PROTOCOL), name


@pytest.mark.parametrize("milliseconds", [EARLIEST_MS, -1, 0, LATEST_MS])
def test_driver_writes_each_millisecond_as_it_is(milliseconds: int) -> None:
    kind = lookup_casstype("TimestampType")
    assert kind.serialize(milliseconds, PROTOCOL) == struct.pack(">q", milliseconds)
