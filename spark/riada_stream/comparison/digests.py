"""The digest of a row in one store, as a row of a frame. It is made by the definition of the
contract, in Python on the executors, so that it is equal to the Control Center's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, NamedTuple

from pyspark.sql.types import IntegerType, LongType, StringType, StructField, StructType

from contract.table.digest import digest
from contract.table.key import key_reader
from contract.table.table import Table


class Store(str, Enum):
    POSTGRES = "postgres"
    TOPIC = "topic"
    CASSANDRA = "cassandra"


class StoredRow(NamedTuple):
    """`digest`: 32 hexadecimal digits, None for a delete on the topic. `version`, `partition` and
    `offset`: of an event. `message` instead of `key`: a message of the topic that is not a row's
    (comparison/topic.py)."""

    store: str
    key: str | None
    digest: str | None
    version: int | None = None
    partition: int | None = None
    offset: int | None = None
    message: str | None = None


SCHEMA = StructType(
    [
        StructField("store", StringType(), nullable=False),
        StructField("key", StringType()),
        StructField("digest", StringType()),
        StructField("version", LongType()),
        StructField("partition", IntegerType()),
        StructField("offset", LongType()),
        StructField("message", StringType()),
    ]
)


def hexadecimal(table: Table, row: Sequence[Any]) -> str:
    return f"{digest(table, row):032x}"


def stored_rows(table: Table, store: Store, rows: Iterable[Sequence[Any]]) -> Iterator[StoredRow]:
    """`rows`: values in the order of the columns, which others may follow."""
    key_of, width = key_reader(table), len(table.columns)
    for row in rows:
        yield StoredRow(store.value, key_of(row), hexadecimal(table, row[:width]))
