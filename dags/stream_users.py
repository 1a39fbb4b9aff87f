"""# Exactly one streaming driver, of the deployed release

One task reads the Spark master's state every five seconds. If there is no driver, it submits one. A
driver of another release stops by itself after its running batch, and its successor continues from
the same checkpoint. If a driver dies, the master itself starts it again. The run ends after ten
minutes, or when another release is deployed, and the next run begins.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException
from stream.artifacts import Artifacts
from stream.cluster import SparkCluster
from stream.loop import StreamLoop
from stream.submission import main_file

RELEASE = "unreleased"
RUN_S = 600


@dag(
    schedule="@continuous",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=[f"release:{RELEASE}"],
    doc_md=__doc__,
)
def stream_users() -> None:
    keep_streaming()


@task(retries=100, retry_delay=timedelta(seconds=5), priority_weight=10)
def keep_streaming() -> str:
    """Returns why the run ended."""
    if not Path(main_file(RELEASE)).is_file():
        raise AirflowFailException(f"{main_file(RELEASE)} is missing. Run make deploy-dags")
    return StreamLoop(RELEASE, SparkCluster(), Artifacts()).run(RUN_S)


stream_users()
