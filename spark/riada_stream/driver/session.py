"""The Spark session of the job."""

from __future__ import annotations

from pyspark.sql import SparkSession

from riada_stream.settings import Settings
from riada_stream.sink import bulk

EXECUTORS = {
    # Spark's default: with 2, time-outs of a busy Cassandra failed whole batches.
    "spark.task.maxFailures": "4",
    # A task that hangs cannot be interrupted: its executor ends with it.
    "spark.task.reaper.enabled": "true",
    "spark.task.reaper.killTimeout": "10s",
}
MANAGER = "spark.sql.streaming.checkpointFileManagerClass"


def session(settings: Settings) -> SparkSession:
    """One executor that holds all of the job's cores.

    The password goes to the session alone, never to the context's configuration, which the UI
    shows and executors get on their command line; the connector ships it with the write's tasks.
    """
    configuration = (
        bulk.connection(settings)
        | EXECUTORS
        | {
            "spark.executor.memory": settings.executor_memory,
            "spark.executor.cores": settings.executor_cores,
            "spark.cores.max": settings.executor_cores,
            MANAGER: settings.checkpoint.checkpoint_manager,
        }
    )
    if settings.s3_endpoint:
        configuration |= {
            "spark.hadoop.fs.s3a.endpoint": settings.s3_endpoint,
            "spark.hadoop.fs.s3a.path.style.access": "true",
        }
    builder = SparkSession.builder
    for name, value in configuration.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    password = settings.cassandra_password_file.read_text().strip()
    spark.conf.set("spark.cassandra.auth.password", password)
    return spark
