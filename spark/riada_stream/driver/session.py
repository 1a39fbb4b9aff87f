"""The Spark session of the job."""

from __future__ import annotations

from pyspark.sql import SparkSession

from riada_stream.settings import Settings
from riada_stream.sink import bulk

EXECUTORS = {
    # Spark's default. With the value 2, timeouts of a busy Cassandra failed entire batches.
    "spark.task.maxFailures": "4",
    # A task that hangs cannot be interrupted, so its executor is killed.
    "spark.task.reaper.enabled": "true",
    "spark.task.reaper.killTimeout": "10s",
}
TABLES = {
    # Each table's query has a pool of its own (driver/query.py), and the pools share the cores.
    "spark.scheduler.mode": "FAIR",
    # Two columns may differ in the case of their letters alone.
    "spark.sql.caseSensitive": "true",
    # Kinds carry points in time as text in UTC.
    "spark.sql.session.timeZone": "UTC",
}
CHECKPOINT_MANAGER = "spark.sql.streaming.checkpointFileManagerClass"


def options(settings: Settings) -> dict[str, str]:
    """The options of the session. One executor has all of the job's cores."""
    configuration = (
        bulk.connector_options(settings)
        | EXECUTORS
        | TABLES
        | {
            "spark.executor.memory": settings.executor_memory,
            "spark.executor.cores": str(settings.executor_cores),
            "spark.cores.max": str(settings.executor_cores),
            CHECKPOINT_MANAGER: settings.checkpoint.checkpoint_manager,
        }
    )
    if settings.s3_endpoint:
        configuration |= {
            "spark.hadoop.fs.s3a.endpoint": settings.s3_endpoint,
            "spark.hadoop.fs.s3a.path.style.access": "true",
        }
    return configuration


def create_session(settings: Settings) -> SparkSession:
    """The password is set on the session alone. In the context's configuration the UI would show
    it, and executors would get it on their command line. The connector sends it with each task."""
    builder = SparkSession.builder
    for name, value in options(settings).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    password = settings.cassandra_password_file.read_text().strip()
    spark.conf.set("spark.cassandra.auth.password", password)
    return spark
