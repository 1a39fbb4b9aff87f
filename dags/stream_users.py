"""# Exactly one streaming driver, of the deployed release

One task looks at the Spark master every five seconds. No driver: it submits one. A driver of
another release: it is asked to stop, which it does after its running batch, and its successor
goes on from the same checkpoint. A driver that dies is started again by the master itself.
The run ends after ten minutes, or when another release is deployed, and the next one begins.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException
from stream import artifacts
from stream.cluster import Cluster, ClusterError, View
from stream.plan import Step, plan
from stream.submission import main_file, submission

RELEASE = "unreleased"
RUN_S = 600
LOOK_S = 5
SETTLE_S = 15
"""After a submission or a kill the master gets this long to show it, s."""

log = logging.getLogger("stream_users")


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
        raise AirflowFailException(f"{main_file(RELEASE)} is missing: run make deploy-dags")
    cluster = Cluster()
    ends = time.monotonic() + RUN_S
    alike: tuple[View | None, float] = (None, 0.0)
    said = ""
    while time.monotonic() < ends:
        if (current := artifacts.current()) != RELEASE:
            return f"release {current} is deployed"
        pause = LOOK_S
        if (streaming := artifacts.streaming()) != RELEASE:
            step = Step("wait", f"release {streaming} streams until this one's deploy is through")
        else:
            try:
                view = cluster.view()
                if view != alike[0]:
                    alike = (view, time.monotonic())
                waited_s = time.monotonic() - alike[1]
                step = plan(view, RELEASE, artifacts.submitted(RELEASE), waited_s)
                if act(cluster, step):
                    alike = (None, 0.0)
                    pause = SETTLE_S
            except ClusterError as error:
                step = Step("wait", str(error))
        if said != (said := f"{step.do} {step.driver}".strip() + f": {step.why}"):
            log.info(said)
        time.sleep(pause)
    return "its time is over"


def act(cluster: Cluster, step: Step) -> bool:
    """Does the step; true if that changes what the master will show."""
    if step.do == "submit":
        driver = cluster.submit(submission(RELEASE))
        artifacts.remember(RELEASE, driver)
        log.info("submitted %s for release %s", driver, RELEASE)
    elif step.do == "kill":
        cluster.kill(step.driver)
    return step.do in ("submit", "kill")


stream_users()
