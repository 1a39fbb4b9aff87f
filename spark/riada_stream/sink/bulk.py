"""Writes rows through the Cassandra connector, on the executors; no Python is on that path."""

from __future__ import annotations

from pyspark.sql import DataFrame

from contract.cassandra.cql import KEYSPACE
from riada_stream.settings import Settings
from riada_stream.sink.rows import WRITE_TIME

OUTPUT = {
    "spark.cassandra.output.consistency.level": "LOCAL_QUORUM",
    # Rows for one replica travel together, about 30 people in a batch.
    "spark.cassandra.output.batch.grouping.key": "replica_set",
    "spark.cassandra.output.batch.size.bytes": "32768",
    # Each waits for a sync of the commit log.
    "spark.cassandra.output.concurrent.writes": "32",
    # An outage is the query's to outlive (job.py), not to be waited out inside a task.
    "spark.cassandra.query.retry.count": "3",
    "spark.cassandra.connection.timeoutMS": "5000",
    "spark.cassandra.read.timeoutMS": "12000",
}


def connection(settings: Settings) -> dict[str, str]:
    """Configuration of the connector. The password is set on the session alone (session.py)."""
    return OUTPUT | {
        "spark.cassandra.connection.host": ",".join(settings.cassandra_hosts),
        "spark.cassandra.connection.port": str(settings.cassandra_port),
        "spark.cassandra.connection.localDC": settings.cassandra_datacenter,
        "spark.cassandra.auth.username": settings.cassandra_user,
    }


def write(rows: DataFrame) -> None:
    """Upserts rows; each cell's write timestamp is the row's WRITE_TIME."""
    (
        rows.write.format("org.apache.spark.sql.cassandra")
        .options(keyspace=KEYSPACE, table="users", writetime=WRITE_TIME)
        .mode("append")
        .save()
    )
