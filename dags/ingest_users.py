"""# People from the randomuser API into PostgreSQL

Every five minutes a run begins and goes on until the next one, at a steady rate. A run that is
triggered by hand goes beside it: with `people` it ends when so many were asked for, without them
after five minutes. Page p of a seed always gives the same people, and storing them again changes
nothing: a task that died goes on at the page it was at.
"""

from __future__ import annotations

import logging
import os
import time
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException
from ingest.api import AwayError, PeopleApi, RefusedError
from ingest.batch import batch
from ingest.outcome import failure
from ingest.pace import MAX_BATCH, Pace, batch_size
from ingest.store import PeopleStore

RELEASE = "unreleased"
INTERVAL = timedelta(minutes=5)
NOTHING = {"page": 0, "fetched": 0, "stored": 0, "rejected": 0, "repeated": 0}
PATIENCE_S = 3_600.0
"""How long the API or PostgreSQL may be away before the task fails, s."""

log = logging.getLogger("ingest_users")


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
            maximum=MAX_BATCH,
            description="people asked for at once; null: 10 s of the rate, or all at once",
        ),
        "rate": Param(1.0, type="number", minimum=0, description="people/s; 0: as fast as it goes"),
        "nat": Param(None, type=["null", "string"], description='e.g. "de,fr"; null: all'),
    },
)
def ingest_users() -> None:
    ingest()


@task(retries=10, retry_delay=timedelta(seconds=5))
def ingest() -> dict[str, Any]:
    """Returns counts only: an XCom must hold no person."""
    context = get_current_context()
    params, run, progress = context["params"], context["dag_run"], context["task_state_store"]
    people, rate = params["people"], params["rate"]
    seed = params["seed"] or blake2b(run.run_id.encode(), digest_size=8).hexdigest()
    size = batch_size(params["batch_size"], rate, people)
    pages = -(-people // size) if people else None
    begin = run.run_after if run.run_type == "scheduled" else run.start_date
    until = None if people else (begin + INTERVAL).timestamp()

    url = os.environ.get("RANDOMUSER_URL", "http://randomuser:8000/api/")
    api, store = PeopleApi(url, params["nat"]), PeopleStore(url, seed)
    pace = Pace(size / rate if rate else 0.0)
    done, reason = progress.get("done", NOTHING), "see the log of an earlier try"
    log.info("seed %s, pages of %d after %d, %s people/s", seed, size, done["page"], rate or "all")
    while pages is None or done["page"] < pages:
        if until and done["page"] and time.time() + pace.wait_s() > until:
            break
        time.sleep(pace.wait_s())
        pace.begin()
        page = done["page"] + 1
        patience_s = max(until - time.time(), 60.0) if until else PATIENCE_S
        began = time.monotonic()
        try:
            fetched = api.people(seed, page, size, patience_s)
        except (AwayError, RefusedError) as error:
            raise AirflowFailException(f"page {page} of seed {seed}: {error}") from None
        if page == pages:
            fetched = fetched[: people - (pages - 1) * size]
        sorted_out = batch(fetched)
        stored, rejects = store.store(sorted_out, page, PATIENCE_S)
        reason = rejects[-1] if rejects else reason
        log.info(
            "seed %s page %d: %d fetched, %d stored, %d rejected, %.0f rows/s",
            *(seed, page, len(fetched), stored, len(rejects), stored / (time.monotonic() - began)),
        )
        done = {
            "page": page,
            "fetched": done["fetched"] + len(fetched),
            "stored": done["stored"] + stored,
            "rejected": done["rejected"] + len(rejects),
            "repeated": done["repeated"] + sorted_out.repeated,
        }
        progress.set("done", done)
    store.close()
    if cause := failure(done, url, reason):
        raise AirflowFailException(cause)
    return {"seed": seed, "batch_size": size, "release": RELEASE, **done}


ingest_users()
