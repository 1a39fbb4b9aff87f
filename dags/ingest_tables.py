"""# Rows from a JSON API into PostgreSQL

Each table whose file has a source is a DAG. A run reads the source at a steady rate until its end.
It reads an endless source until the next run begins. A scheduled run is skipped while an earlier
one still reads. A manual run runs beside it; with `count` it ends when it has requested that many
items. Storing an item again changes nothing, and the progress of a task is kept after each page. So
a task that died continues at its page.

A parameter that a run leaves empty has the default that its description names. `make row TABLE=…
KEY=…`, or the page "One row" of the Control Center (`make urls` prints its address), shows the path
of a row from PostgreSQL to Cassandra.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from airflow.sdk import (
    CronTriggerTimetable,
    dag,
    get_current_context,
    get_parsing_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from ingest.api import SourceApi
from ingest.params import check, params
from ingest.plan import Plan
from ingest.postgres import PostgresSession
from ingest.progress import TaskProgress
from ingest.run import IngestError, IngestRun
from ingest.store import RowStore

from contract.stream import dags
from contract.table import file
from contract.table.file import TableFileError
from contract.table.has_source import has_source
from contract.table.paths import FOLDER, SUFFIX
from contract.table.source import MANUAL, Source
from contract.table.table import Table

RELEASE = "unreleased"
# The tables of the same release, also after another one was deployed.
TABLES = Path(__file__).resolve().parents[1] / FOLDER


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
        max_active_runs=6,
        max_active_tasks=4,
        description=f"Fetches rows of {name} from the API of tables/{name}{SUFFIX} into PostgreSQL",
        tags=[f"release:{RELEASE}"],
        doc_md=__doc__,
        params=params(source),
    )
    def ingest_table() -> None:
        ingest(name)

    ingest_table()


@task(retries=10, retry_delay=timedelta(seconds=5), pool=dags.POOL)
def ingest(name: str) -> dict[str, str | int | None]:
    """Returns counts only: an XCom must not hold items, cursors or secrets."""
    context = get_current_context()
    values, run = context["params"], context["dag_run"]
    begin = run.run_after if run.run_type == "scheduled" else run.start_date
    try:
        table = file.read(name, (TABLES / f"{name}{SUFFIX}").read_text("utf-8"))
        source = _source(table)
        check(source, run.conf or {})
        plan, url = Plan.from_params(source, values, run.run_id, begin), source.address()
    except (OSError, ValueError) as error:  # a broken file, or parameters that do not fit
        raise AirflowFailException(str(error)) from None
    if run.run_type == "scheduled" and not source.pagination.endless:
        earlier = context["ti"].get_previous_dagrun(state="running")
        if earlier is not None:
            raise AirflowSkipException(f"run {earlier.run_id} still reads the source")
    store = RowStore(PostgresSession(context["dag"].dag_id), table, url, plan.run)
    progress = TaskProgress(context["task_state_store"])
    try:
        api = SourceApi(source, plan.query)
        result = IngestRun(table, plan, api, store, progress).run(url)
    except IngestError as error:
        raise AirflowFailException(str(error)) from None
    finally:
        store.close()
    return {"run": plan.run, "batch_size": plan.page_size, "release": RELEASE, **result.counts()}


def _source(table: Table) -> Source:
    """Raises ValueError."""
    if table.source is None:
        raise ValueError(f"tables/{table.name}{SUFFIX} has no [source]")
    return table.source


def make_dags() -> None:
    """The DAGs of all tables with a source; a task parses only its own."""
    wanted = get_parsing_context().dag_id
    for path in sorted(TABLES.glob(f"*{SUFFIX}")):
        text = path.read_text("utf-8")
        if has_source(text) and wanted in (None, dags.ingest(path.stem)):
            make_dag(path.stem, text)


make_dags()
