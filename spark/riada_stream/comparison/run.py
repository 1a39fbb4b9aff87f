"""One comparison: its frames, the rows that differ to the topic of comparisons, its totals."""

from __future__ import annotations

import math
from uuid import uuid4

from pyspark import StorageLevel
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from contract.jobs.compare import OffsetSummary
from contract.jobs.spark_comparison import (
    DIFFERENCES,
    TOPIC,
    ComparisonRequest,
    ComparisonResult,
    RecordKind,
)
from contract.kafka.topics import LARGEST_REQUEST
from contract.table.table import Table
from riada_stream.comparison import cassandra, postgres, topic
from riada_stream.comparison.cassandra import CassandraAccess
from riada_stream.comparison.compared import (
    compared,
    first_undecodable,
    offset_summary,
    summary,
    totals,
    unknown_schemas,
)
from riada_stream.comparison.digests import Store
from riada_stream.comparison.postgres import PostgresAccess
from riada_stream.settings import Settings
from riada_stream.source.registry import Registry

# A task reads so many rows or messages: less than a second, because the tasks of the streams wait
# for the end of a task.
ROWS_PER_TASK = 5_000
# The rows of a task after the shuffle, which sorts them.
ROWS_PER_GROUP_TASK = 50_000


def run(
    spark: SparkSession, settings: Settings, table: Table, request: ComparisonRequest
) -> ComparisonResult:
    """Raises Spark's errors, psycopg2.Error and RegistryUnavailableError. Its jobs are those of the
    calling thread."""
    session = _session(spark, request)
    registry = Registry(settings.schema_registry_url, table)
    registry.fetch_subjects()
    access = PostgresAccess.of(settings)
    with postgres.exported_snapshot(access, table) as snapshot:
        committed = postgres.digests(session, access, table, snapshot, _parts(request.rows))
        while True:
            schemas = registry.schemas
            events = topic.digests(
                session, settings, table, schemas, request, _parts(request.messages)
            )
            parts = _parts(max(request.rows, request.messages))
            stored = cassandra.digests(session, CassandraAccess.of(settings), table, parts)
            frame = compared([committed, events, stored], request.has_expired_events)
            frame = frame.persist(StorageLevel.DISK_ONLY)
            try:
                sums = totals(frame)
                offsets = offset_summary(sums, request, ())
                if offsets.unaccounted and registry.fetch(unknown_schemas(frame)):
                    continue  # a producer has registered them for another subject
                if offsets.unaccounted:
                    offsets = offset_summary(sums, request, first_undecodable(events))
                return _result(frame, sums, offsets, request, settings)
            finally:
                frame.unpersist()


def _session(spark: SparkSession, request: ComparisonRequest) -> SparkSession:
    """A session with its own settings. Those of the context are for the streams."""
    session = spark.newSession()
    rows = 2 * request.rows + request.messages
    session.conf.set("spark.sql.shuffle.partitions", _parts(rows, ROWS_PER_GROUP_TASK))
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set("spark.sql.caseSensitive", "true")
    return session


def _result(
    frame: DataFrame,
    sums: Row,
    offsets: OffsetSummary,
    request: ComparisonRequest,
    settings: Settings,
) -> ComparisonResult:
    run_id = uuid4().hex
    if sums["differing"]:
        _send(frame, run_id, settings)
    return ComparisonResult(
        request.id,
        run_id,
        {store.value: summary(sums, store) for store in Store},
        sums["differing"],
        sums["expired"],
        offsets,
    )


def _parts(rows: int, size: int = ROWS_PER_TASK) -> int:
    return max(2, math.ceil(rows / size))


def _send(frame: DataFrame, run_id: str, settings: Settings) -> None:
    """Sends the rows that differ, as RowDigests."""
    differing = frame.where("differs").select(
        F.lit(run_id).alias("run"),
        F.monotonically_increasing_id().alias("number"),
        *("key", "postgres", "topic", "cassandra"),
        *("newest.version", "newest.partition", "newest.offset"),
    )
    (
        differing.select(
            F.lit(RecordKind.DIFFERENCE.value).alias("key"),
            F.to_json(F.struct("*")).alias("value"),
            F.lit(DIFFERENCES).alias("partition"),
        )
        .write.format("kafka")
        .option("kafka.bootstrap.servers", settings.kafka_bootstrap)
        .option("kafka.max.request.size", str(LARGEST_REQUEST))
        .option("topic", TOPIC)
        .save()
    )
