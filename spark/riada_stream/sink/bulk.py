"""Writes rows by the Cassandra connector, on the executors and without Python."""

from __future__ import annotations

from pyspark.sql import DataFrame

from contract.stores.cassandra.keyspace import KEYSPACE
from contract.table.table import Table
from riada_stream.settings import Settings
from riada_stream.sink.rows import write_time

OUTPUT = {
    "spark.cassandra.output.consistency.level": "LOCAL_QUORUM",
    "spark.cassandra.output.batch.grouping.key": "replica_set",
    # Each write waits until the commit log is synced.
    "spark.cassandra.output.concurrent.writes": "32",
    # A task does not wait until an outage is over: driver/attempts.py retries the query.
    "spark.cassandra.query.retry.count": "3",
    "spark.cassandra.connection.timeoutMS": "5000",
    "spark.cassandra.read.timeoutMS": "12000",
}


# Rows of one replica set are sent together, about 30 in a batch: 30 columns take 1 KiB.
# Hundreds of small rows in a batch exceeded the time that Cassandra has for a write.
BATCH_BYTES = "spark.cassandra.output.batch.size.bytes"
LARGEST_BATCH = 32 << 10
BYTES_PER_COLUMN = 1250


def batch_bytes(table: Table) -> int:
    return min(LARGEST_BATCH, BYTES_PER_COLUMN * len(table.columns))


def connector_options(settings: Settings) -> dict[str, str]:
    """The connector's options. The password is set on the session alone (driver/session.py)."""
    return OUTPUT | {
        "spark.cassandra.connection.host": ",".join(settings.cassandra_hosts),
        "spark.cassandra.connection.port": str(settings.cassandra_port),
        "spark.cassandra.connection.localDC": settings.cassandra_datacenter,
        "spark.cassandra.auth.username": settings.cassandra_user,
    }


def write(rows: DataFrame, table: Table) -> None:
    """Upserts rows; each cell's write timestamp is the row's write_time()."""
    (
        rows.write.format("org.apache.spark.sql.cassandra")
        .option(BATCH_BYTES, batch_bytes(table))
        .options(keyspace=KEYSPACE, table=table.name, writetime=write_time(table))
        .mode("append")
        .save()
    )
