"""The digests of PostgreSQL's rows: tasks read ranges of blocks, all in one snapshot.

A range of blocks (https://www.postgresql.org/docs/17/ddl-system-columns.html, ctid) serves keys of
every type and needs no index. A row version that the snapshot sees stays in its block while a
transaction holds a lock on the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection
from pyspark.sql import DataFrame, SparkSession

from contract.stores.postgres import table as postgres
from contract.stores.postgres.roles import DATABASE, SEARCH_PATH, Role
from contract.stores.postgres.tls import verified
from contract.table.table import Table
from riada_stream.comparison.digests import SCHEMA, Store, StoredRow, stored_rows
from riada_stream.settings import Settings

PAGE = 2000  # rows
OPTIONS = f"-c timezone=UTC -c statement_timeout=0 {SEARCH_PATH}"


@dataclass(frozen=True)
class PostgresAccess:
    """Riada's own PostgreSQL, as a role that reads."""

    host: str
    password: str = field(repr=False)
    ca: Path

    @classmethod
    def of(cls, settings: Settings) -> PostgresAccess:
        password = settings.postgres_password_file.read_text().strip()
        return cls(settings.postgres_host, password, settings.ca)

    def connect(self) -> Connection:
        """A connection in a transaction of one snapshot. Raises psycopg2.Error."""
        connection: Connection = psycopg2.connect(
            host=self.host,
            dbname=DATABASE,
            user=Role.OBSERVER.value,
            password=self.password,
            application_name="comparison",
            connect_timeout=5,
            tcp_user_timeout=30_000,
            options=OPTIONS,
            **verified(self.ca),
        )
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        return connection


@dataclass(frozen=True)
class Snapshot:
    """`id`: PostgreSQL's name. `blocks`: of the table's file."""

    id: str
    blocks: int


@dataclass(frozen=True)
class Blocks:
    """The blocks from `start` to `end` (exclusive); None: to the end of the table."""

    start: int
    end: int | None

    @property
    def condition(self) -> str:
        below = "" if self.end is None else f" AND ctid < '({self.end},0)'"
        return f"ctid >= '({self.start},0)'{below}"


@contextmanager
def exported_snapshot(access: PostgresAccess, table: Table) -> Iterator[Snapshot]:
    """Exists until the end of the block. Raises psycopg2.Error."""
    name = postgres.qualified(table)
    with closing(access.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone() or ("",)
        cursor.execute(f"SELECT FROM {name} LIMIT 0")  # locks the table against a rewrite
        cursor.execute(
            "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::bigint", [name]
        )
        (blocks,) = cursor.fetchone() or (0,)
        yield Snapshot(snapshot, blocks)


def ranges(blocks: int, parts: int) -> list[Blocks]:
    """All blocks in at most so many ranges. The last one has no end, since a table may grow."""
    step = max(1, math.ceil(blocks / max(1, parts)))
    starts = list(range(0, max(blocks, 1), step))
    ends: list[int | None] = [*starts[1:], None]
    return [Blocks(start, end) for start, end in zip(starts, ends, strict=True)]


def digests(
    spark: SparkSession, access: PostgresAccess, table: Table, snapshot: Snapshot, parts: int
) -> DataFrame:
    """The digests, which must be read while the snapshot exists."""
    blocks = ranges(snapshot.blocks, parts)
    rows = spark.sparkContext.parallelize(blocks, len(blocks)).mapPartitions(
        partial(_read, access, table, snapshot.id)
    )
    return spark.createDataFrame(rows, SCHEMA, verifySchema=False)


def _read(
    access: PostgresAccess, table: Table, snapshot: str, blocks: Iterator[Blocks]
) -> Iterator[StoredRow]:
    """Reads on an executor."""
    select = f"SELECT {postgres.read(table)} FROM {postgres.qualified(table)}"
    with closing(access.connect()) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        for part in blocks:
            with connection.cursor("compared") as cursor:
                cursor.itersize = PAGE
                cursor.execute(f"{select} WHERE {part.condition}")
                yield from stored_rows(table, Store.POSTGRES, cursor)
