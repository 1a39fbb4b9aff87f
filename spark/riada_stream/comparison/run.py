"""One comparison: its frames, the rows that differ to the topic of comparisons, its totals."""

from __future__ import annotations

import logging
import math
from uuid import uuid4

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

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
)
from riada_stream.comparison.digests import Store
from riada_stream.comparison.postgres import PostgresAccess
from riada_stream.settings import Settings
from riada_stream.source.registry import Registry

log = logging.getLogger(__name__)

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
    session = spark.newSession()
    rows = max(request.rows, request.messages)
    groups = max(2, math.ceil((2 * request.rows + request.messages) / ROWS_PER_GROUP_TASK))
    session.conf.set("spark.sql.shuffle.partitions", groups)
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set("spark.sql.caseSensitive", "true")
    registry = Registry(settings.schema_registry_url, table)
    registry.fetch_subjects()
    access = PostgresAccess.of(settings)
    events = topic.digests(
        session, settings, table, registry.schemas, request, _parts(request.messages)
    )
    stored = cassandra.digests(session, CassandraAccess.of(settings), table, _parts(rows))
    with postgres.exported_snapshot(access, table) as snapshot:
        committed = postgres.digests(session, access, table, snapshot, _parts(request.rows))
        frame = compared([committed, events, stored], request.has_expired_events)
        frame = frame.persist(StorageLevel.DISK_ONLY)
        try:
            sums = totals(frame)
            run_id = uuid4().hex
            if sums["differing"]:
                _send(frame, run_id, settings)
            offsets = offset_summary(sums, request, ())
            if offsets.unaccounted:
                offsets = offset_summary(sums, request, first_undecodable(events))
        finally:
            frame.unpersist()
    return ComparisonResult(
        request.id,
        run_id,
        {store.value: summary(sums, store) for store in Store},
        sums["differing"],
        sums["expired"],
        offsets,
    )


def _parts(rows: int) -> int:
    return max(1, math.ceil(rows / ROWS_PER_TASK))


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
