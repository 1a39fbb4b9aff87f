"""Writes rows by the Cassandra connector, on the executors and without Python."""

from __future__ import annotations

from pyspark.sql import DataFrame

from contract.stores.cassandra.keyspace import KEYSPACE
from contract.table.table import Table
from riada_stream.settings import Settings
from riada_stream.sink.rows import write_time

OUTPUT = {
    "spark.cassandra.output.consistency.level": "LOCAL_QUORUM",
    # Rows of one replica set are sent together, about 30 of 30 columns in a batch.
    "spark.cassandra.output.batch.grouping.key": "replica_set",
    "spark.cassandra.output.batch.size.bytes": "32768",
    # Each write waits until the commit log is synced.
    "spark.cassandra.output.concurrent.writes": "32",
    # A task does not wait until an outage is over: driver/attempts.py retries the query.
    "spark.cassandra.query.retry.count": "3",
    "spark.cassandra.connection.timeoutMS": "5000",
    "spark.cassandra.read.timeoutMS": "12000",
}


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
        .options(keyspace=KEYSPACE, table=table.name, writetime=write_time(table))
        .mode("append")
        .save()
    )
