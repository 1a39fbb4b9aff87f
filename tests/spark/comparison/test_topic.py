"""The digests of events are those of the same rows in PostgreSQL and Cassandra, and each message
has one fate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from riada_stream.comparison.digests import hexadecimal
from riada_stream.comparison.topic import (
    REFUSED,
    UNDECODABLE,
    UNKNOWN_SCHEMA,
    digests_of,
    stored,
)

from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, TIMESTAMP
from contract.table import file
from contract.table.debezium_names import field_name
from tests.contract.table.kinds.forms import FORMS
from tests.spark.samples import (
    ARRIVED,
    ID,
    LSN,
    ORDERS,
    ORDERS_SCHEMAS,
    PERSON,
    RECORD,
    SCHEMAS,
    USERS,
    VERSION,
    key,
    order,
    records,
    value,
)
from tests.spark.source.test_kinds import sql_type

TOMBSTONED = PERSON | {"__deleted": "true", "__version": str(VERSION + 2)}


def fates(frame: DataFrame) -> list[tuple[Any, ...]]:
    rows = frame.orderBy("offset").collect()
    return [(row.offset, row.key, row.version, row.message) for row in rows]


def dead_letters(spark: SparkSession, origins: Mapping[int, str | None]) -> DataFrame:
    """`origins`: offset → the time when the message came; None for a letter without it."""
    rows = []
    for offset, first_at in origins.items():
        headers = {ORIGIN_PARTITION: "2", ORIGIN_OFFSET: str(offset)}
        if first_at is not None:
            headers[TIMESTAMP] = first_at
        pairs = [(name, bytearray(text.encode())) for name, text in headers.items()]
        rows.append((None, None, "letters", 0, offset, ARRIVED, pairs))
    return spark.createDataFrame(rows, RECORD)


def test_every_kind_has_the_digest_of_the_other_stores(spark: SparkSession) -> None:
    """A column for each value of each kind, in one row."""
    cases = [(form, value) for form in FORMS for value in form.values]
    specs = [json.dumps(f"{form.spec} null", ensure_ascii=False) for form, _ in cases]
    columns = "\n".join(f"c{n} = {spec}" for n, spec in enumerate(specs))
    table = file.read("kinds", f'key = ["id"]\n[columns]\nid = "int4"\n{columns}\n')
    event_types = ["id int", *(f"{field_name(f'c{n}')} {sql_type(table.columns[n + 1].kind.avro)}"
                               for n in range(len(cases)))]  # fmt: skip
    meta = "`__deleted` string, `__source_ts_ms` bigint, `__source_lsn` bigint, `__version` string"
    event = (7, *(value.event for _, value in cases), "false", 5, LSN, "9")
    nothing = (8, *(None for _ in cases), "false", 5, LSN, "9")
    schema = (
        "partition int, offset bigint, ms bigint, headers array<string>, "
        "prefix binary, has_known_schema boolean, "
        f"event struct<{', '.join(name.replace(' ', ': ', 1) for name in event_types)}, "
        f"{meta.replace(' string', ': string').replace(' bigint', ': bigint')}>, "
        "first_ms array<bigint>"
    )
    frame = spark.createDataFrame(
        [(0, n, 1, None, None, True, row, None) for n, row in enumerate((event, nothing))], schema
    )
    rows = frame.rdd.mapPartitions(lambda messages: stored(table, messages)).collect()
    committed = (7, *(value.postgres for _, value in cases))
    written = (7, *(value.cassandra for _, value in cases))
    empty = (8, *(None for _ in cases))
    assert [row.digest for row in rows] == [
        hexadecimal(table, committed),
        hexadecimal(table, empty),
    ]
    assert hexadecimal(table, written) == hexadecimal(table, committed)


def test_events_have_key_version_and_place(spark: SparkSession) -> None:
    pairs = [(key(), value(PERSON)), (key(), value(TOMBSTONED))]
    first, second = digests_of(
        records(spark, pairs), None, USERS, SCHEMAS, few=True
    ).orderBy("offset").collect()  # fmt: skip
    row = [PERSON[column.name] for column in USERS.columns]
    assert (first.key, first.version, first.partition, first.offset) == (ID, VERSION, 2, 0)
    assert first.digest == hexadecimal(USERS, row)
    assert (second.key, second.version, second.digest) == (ID, VERSION + 2, None)


def test_a_key_of_two_columns(spark: SparkSession) -> None:
    frame = digests_of(records(spark, [order()]), None, ORDERS, ORDERS_SCHEMAS, few=True)
    assert fates(frame) == [(0, '[42,"µ 1"]', VERSION, None)]


def test_an_undecodable_message_says_why(spark: SparkSession) -> None:
    no_lsn = PERSON | {"__source_lsn": None}
    pairs = [
        (key(), b"poison"), (key(), None), (key(), value(no_lsn)), (key(), value(PERSON)),
        (key(), value(PERSON, schema_id=99)),
    ]  # fmt: skip
    rows = fates(digests_of(records(spark, pairs), None, USERS, SCHEMAS, few=True))
    no_avro = f"{UNDECODABLE}is not in the Confluent wire format"
    assert rows[:2] == [(0, None, None, no_avro), (1, None, None, no_avro)]
    assert rows[2][3].endswith("lacks __source_lsn")
    assert rows[3][1:] == (ID, VERSION, None)
    assert rows[4][3].startswith(f"{UNKNOWN_SCHEMA}99, ")


def test_a_message_with_a_dead_letter_is_refused(spark: SparkSession) -> None:
    """A letter of a former topic, with another time, is of another message."""
    at, before = ARRIVED.isoformat(), datetime(2025, 1, 1, tzinfo=timezone.utc).isoformat()
    refused = dead_letters(spark, {0: at, 1: before, 2: None})
    pairs = [(key(), value(PERSON))] * 4
    for few in (True, False):
        rows = fates(digests_of(records(spark, pairs), refused, USERS, SCHEMAS, few))
        assert [message for *_, message in rows] == [REFUSED, None, REFUSED, None]
