"""# Exactly one streaming driver, of the deployed release's job

One task reads the Spark master's state every five seconds. If there is no driver, it submits one. A
driver takes over the tables of a new release with the same job. A driver of another job stops by
itself after its running batches, and its successor continues from the same checkpoints. If a driver
dies, the master itself starts it again. The run ends after ten minutes, or when another release is
deployed, and the next run begins.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException
from stream.artifacts import Artifacts
from stream.cluster import SparkCluster
from stream.loop import StreamLoop

from contract.stream import dags
from contract.stream.gateway import main_file

RELEASE = "unreleased"
RUN_S = 600


@dag(
    dag_id=dags.STREAM,
    schedule="@continuous",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    description="Keeps one Spark driver running, which writes all tables from Kafka to Cassandra",
    tags=[f"release:{RELEASE}"],
    doc_md=__doc__,
)
def stream_tables() -> None:
    keep_streaming()


@task(retries=100, retry_delay=timedelta(seconds=5), priority_weight=10)
def keep_streaming() -> str:
    """Returns why the run ended."""
    artifacts = Artifacts()
    try:
        job = artifacts.job(RELEASE)
        Path(main_file(job)).stat()
    except FileNotFoundError as error:
        raise AirflowFailException(f"{error.filename} is missing. Run make deploy-dags") from None
    return StreamLoop(RELEASE, job, SparkCluster(), artifacts).run(RUN_S)


stream_tables()
