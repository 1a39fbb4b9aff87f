"""# Rows from a JSON API into PostgreSQL

Each table whose file has a source is a DAG with three tasks:

1. `ingest` checks parameters, secrets and the table. Then it fetches a page, turns its items into
   rows, and stores the rows, page after page.
2. `check_capture` waits until Kafka has every change of this run. If one of them waits longer than
   ten minutes, it fails and names where.
3. `report` has the counts, the state of the streaming job and a link to the rows. `ingest` and
   `report` also have the button "Rows in the Control Center".

A run reads the source at a steady rate until its end. It reads an endless source until the next run
begins. A scheduled run is skipped while an earlier one still reads. A manual run runs beside it;
with `count` it ends when it has requested that many items. Storing an item again changes nothing,
and the progress of a task is kept after each page. So a task that died continues at its page.

A parameter that a run leaves empty has the default that its description names. `make row TABLE=…
KEY=…`, or the page "One row" of the Control Center (`make urls` prints its address), shows the path
of a row from PostgreSQL to Cassandra.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import (
    BaseSensorOperator,
    Context,
    CronTriggerTimetable,
    Label,
    PokeReturnValue,
    dag,
    get_current_context,
    get_parsing_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from ingest import capture, preconditions, report
from ingest.api import SourceApi
from ingest.params import check, params
from ingest.plan import Plan
from ingest.postgres import PostgresSession
from ingest.progress import TaskProgress
from ingest.rows_link import RowsLink
from ingest.run import RETRY_TIMEOUT_S, IngestError, IngestRun
from ingest.store import RowStore

from contract.errors import ComponentError, ErrorAnswer
from contract.stream import dags
from contract.table import file
from contract.table.file import TableFileError
from contract.table.has_source import has_source
from contract.table.paths import FOLDER, SUFFIX
from contract.table.source import MANUAL, Source
from contract.table.table import Table

log = logging.getLogger(__name__)

RELEASE = "unreleased"
# The tables of the same release, also after another one was deployed.
TABLES = Path(__file__).resolve().parents[1] / FOLDER
RETRIES = {"retries": 10, "retry_delay": timedelta(seconds=5)}
# States of a task that does nothing more.
ENDED = ("success", "failed", "upstream_failed", "skipped", "removed")


def make_dag(name: str, text: str) -> None:
    """The DAG of tables/NAME.toml. If the file is broken, its runs fail and name the fault, so that
    the DAGs of other tables are made."""
    try:
        source = file.read(name, text).source
    except TableFileError:
        source = None
    source = source or Source("")

    @dag(
        dag_id=dags.ingest(name),
        schedule=None
        if source.schedule == MANUAL
        else CronTriggerTimetable(source.schedule, timezone="UTC", run_immediately=True),
        catchup=False,
        # Runs that wait for capture hold no worker, and must not hold back the next run.
        max_active_runs=20,
        max_active_tasks=4,
        description=f"Fetches rows of {name} from the API of tables/{name}{SUFFIX} into PostgreSQL",
        tags=[f"release:{RELEASE}"],
        doc_md=__doc__,
        params=params(source),
    )
    def ingest_table() -> None:
        result = ingest(name)
        captured = CheckCapture(
            task_id="check_capture",
            table=name,
            result=result,
            doc_md=CheckCapture.__doc__,
            mode="reschedule",
            poke_interval=10,
            exponential_backoff=True,
            max_wait=60,
            timeout=2 * capture.LIMIT_S,  # LIMIT_S ends the wait before, and names the cause
            **RETRIES,
        )
        reported = report_run(name, result, captured.output)
        result >> Label("rows in PostgreSQL") >> captured
        captured >> Label("changes on the topic") >> reported
        for stored_or_reported in (result, reported):
            stored_or_reported.operator.operator_extra_links = (RowsLink(name),)

    ingest_table()


@task(
    task_id=dags.INGEST_TASK,
    task_display_name="ingest: fetch, validate, store",
    pool=dags.POOL,
    max_active_tis_per_dag=6,
    **RETRIES,
)
def ingest(name: str) -> dict[str, Any]:
    """Fetches page after page, turns its items into rows, and stores the rows. Returns counts and a
    position only: an XCom must not hold items, cursors or secrets."""
    context = get_current_context()
    values, run = context["params"], context["dag_run"]
    begin = run.run_after if run.run_type == "scheduled" else run.start_date
    try:
        table = _table(name)
        source = _source(table)
        check(source, run.conf or {})
        plan, url = Plan.from_params(source, values, run.run_id, begin), source.address()
        preconditions.check_secrets(source)
    except (OSError, ValueError) as error:  # a broken file, or parameters that do not fit
        raise AirflowFailException(str(error)) from None
    if run.run_type == "scheduled" and not source.pagination.endless:
        earlier = context["ti"].get_previous_dagrun(state="running")
        if earlier is not None and _still_reads(context["ti"], earlier.run_id):
            raise AirflowSkipException(f"run {earlier.run_id} still reads the source")
    store = RowStore(PostgresSession(context["dag"].dag_id), table, url, plan.run)
    progress = TaskProgress(context["task_state_store"])
    try:
        store.await_table(RETRY_TIMEOUT_S)
        api = SourceApi(source, plan.query)
        result = IngestRun(table, plan, api, store, progress).run(url)
        position = store.position(RETRY_TIMEOUT_S)
    except IngestError as error:
        raise AirflowFailException(str(error)) from None
    except ComponentError as error:
        raise AirflowFailException(ErrorAnswer.of(error).detail) from None
    finally:
        store.close()
    return {
        "run": plan.run,
        "batch_size": plan.page_size,
        "release": RELEASE,
        **result.counts(),
        "position": position,
        "stored_at": time.time(),
    }


class CheckCapture(BaseSensorOperator):
    """Waits until Kafka has every change of this run, without holding a worker. Returns the seconds
    since the last row was stored. If the rows wait longer than ten minutes, it fails and names the
    component where they wait."""

    template_fields = ("result",)

    def __init__(self, *, table: str, result: Any, **options: Any) -> None:
        super().__init__(**options)
        self.table, self.result = table, result

    def poke(self, context: Context) -> PokeReturnValue:
        if "position" not in self.result:
            raise AirflowSkipException("a release without this check stored the rows")
        session = PostgresSession(context["dag"].dag_id)
        waited_s = time.time() - self.result["stored_at"]
        try:
            table, position = _table(self.table), self.result["position"]
            captured = capture.is_captured(session, table, position, waited_s)
        except ComponentError as error:
            raise AirflowFailException(ErrorAnswer.of(error).detail) from None
        finally:
            session.close()
        return PokeReturnValue(captured, waited_s if captured else None)


@task(task_id="report", **RETRIES)
def report_run(name: str, result: dict[str, Any], captured_s: float) -> dict[str, Any]:
    """Logs and returns the counts, the state of the streaming job and a link to the rows."""
    began = get_current_context()["dag_run"].start_date
    page = report.page(name, began)
    made = report.Report(_table(name), result, captured_s, report.streaming(name), page)
    for line in made.lines():
        log.info("%s", line)
    return made.to_json()


def _table(name: str) -> Table:
    """The table of this release. Raises OSError and ValueError."""
    return file.read(name, (TABLES / f"{name}{SUFFIX}").read_text("utf-8"))


def _source(table: Table) -> Source:
    """Raises ValueError."""
    if table.source is None:
        raise ValueError(f"tables/{table.name}{SUFFIX} has no [source]")
    return table.source


def _still_reads(instance: Any, run_id: str) -> bool:
    """A run is running also while it only waits for capture. `instance`: a task instance of the
    same DAG."""
    states = instance.get_task_states(
        instance.dag_id, task_ids=[dags.INGEST_TASK], run_ids=[run_id]
    )
    return states.get(run_id, {}).get(dags.INGEST_TASK) not in ENDED


def make_dags() -> None:
    """The DAGs of all tables with a source; a task parses only its own."""
    wanted = get_parsing_context().dag_id
    for path in sorted(TABLES.glob(f"*{SUFFIX}")):
        text = path.read_text("utf-8")
        if has_source(text) and wanted in (None, dags.ingest(path.stem)):
            make_dag(path.stem, text)


make_dags()
