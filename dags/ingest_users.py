"""# People from the randomuser API into PostgreSQL

A run begins every five minutes and continues until the next one, at a steady rate. A manual run
runs beside it: with `people` it ends when it has requested that many people, without `people` it
ends after five minutes. Page p of a seed always has the same people, and storing them again changes
nothing. So a task that died continues at its page.
"""

from __future__ import annotations

import os
from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException
from ingest.api import PeopleApi
from ingest.plan import MAX_PAGE_SIZE, Plan
from ingest.postgres import PostgresSession
from ingest.progress import TaskProgress
from ingest.run import IngestError, IngestRun
from ingest.store import PeopleStore

RELEASE = "unreleased"


@dag(
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="UTC", run_immediately=True),
    catchup=False,
    max_active_runs=6,
    max_active_tasks=4,  # leaves room for stream_users: core.parallelism is 6
    tags=[f"release:{RELEASE}"],
    doc_md=__doc__,
    params={
        "seed": Param(None, type=["null", "string"], description="null: made from the run's id"),
        "people": Param(
            None, type=["null", "integer"], minimum=1, description="null: until the next run begins"
        ),
        "batch_size": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            maximum=MAX_PAGE_SIZE,
            description="people per request; null: the people of 10 s at the rate, or all",
        ),
        "rate": Param(1.0, type="number", minimum=0, description="people/s; 0: no limit"),
        "nat": Param(None, type=["null", "string"], description='e.g. "de,fr"; null: all'),
    },
)
def ingest_users() -> None:
    ingest()


@task(retries=10, retry_delay=timedelta(seconds=5))
def ingest() -> dict[str, str | int]:
    """Returns counts only: an XCom must not hold people."""
    context = get_current_context()
    params, run = context["params"], context["dag_run"]
    begin = run.run_after if run.run_type == "scheduled" else run.start_date
    plan = Plan.from_params(params, run.run_id, begin)
    url = os.environ.get("RANDOMUSER_URL", "http://randomuser:8000/api/")
    store = PeopleStore(PostgresSession(), url, plan.seed)
    progress = TaskProgress(context["task_state_store"])
    try:
        result = IngestRun(plan, PeopleApi(url, params["nat"]), store, progress).run(url)
    except IngestError as error:
        raise AirflowFailException(str(error)) from None
    finally:
        store.close()
    return {
        "seed": plan.seed,
        "batch_size": plan.page_size,
        "release": RELEASE,
        **result.to_dict(),
    }


ingest_users()
