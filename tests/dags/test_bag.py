"""Airflow imports every file of dags/: one DAG per table with a source, and one for the stream."""

from __future__ import annotations

import copy
import shutil
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.exceptions import ParamValidationError

from tests.dags.tables import READINGS_TEXT, USERS

ROOT = Path(__file__).parents[2]
DAGS = ROOT / "dags"
WITHOUT_SOURCE = 'key = ["id"]\n[columns]\nid = "int4"\n'
BROKEN = '[columns]\nid = "nonsense"\n[source]\nurl = "http://broken.example"\n'


@pytest.fixture(scope="module")
def bag() -> DagBag:
    """The repository's."""
    return DagBag(DAGS)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dags/ of a release with four tables."""
    folder = tmp_path_factory.mktemp("release")
    shutil.copytree(DAGS, folder / "dags")
    shutil.copytree(ROOT / "tables", folder / "tables")
    for name, text in {
        "readings": READINGS_TEXT,
        "orders": WITHOUT_SOURCE,
        "broken": BROKEN,
    }.items():
        (folder / "tables" / f"{name}.toml").write_text(text)
    return folder / "dags"


@pytest.fixture(scope="module")
def tables(release: Path) -> DagBag:
    return DagBag(release)


def test_the_dags_of_the_repository(bag: DagBag) -> None:
    assert bag.import_errors == {}
    files = {dag.dag_id: Path(dag.fileloc).name for dag in bag.dags.values()}
    assert files == {"ingest_users": "ingest_tables.py", "stream_tables": "stream_tables.py"}


def test_each_dag_carries_its_release(bag: DagBag) -> None:
    assert {tuple(dag.tags) for dag in bag.dags.values()} == {("release:unreleased",)}


def test_the_list_says_what_each_dag_does(bag: DagBag) -> None:
    texts = {dag.dag_id: dag.description for dag in bag.dags.values()}
    assert "rows of users" in (texts["ingest_users"] or "")
    assert "Spark driver" in (texts["stream_tables"] or "")


def test_each_parameter_is_described_as_the_form_shows_it(tables: DagBag) -> None:
    """The form has empty fields, and no null."""
    texts = {
        name: [dag.params.get_param(param).description or "" for param in dag.params]
        for name, dag in tables.dags.items()
    }
    users = " ".join(texts["ingest_users"])
    assert "0: as fast as possible, which needs a count." in users
    assert "Items per request, at most 5,000. Empty: so many that" in users
    assert "Nationalities, for example de,fr; empty: all." in users
    for text in [text for of_dag in texts.values() for text in of_dag]:
        assert text.endswith(".") and "null" not in text


def test_only_one_run_supervises_the_stream(bag: DagBag) -> None:
    assert bag.dags["stream_tables"].max_active_runs == 1


def test_manual_runs_go_beside_the_scheduled_one(bag: DagBag) -> None:
    dag = bag.dags["ingest_users"]
    assert dag.max_active_runs > 1
    assert not dag.catchup
    dag.params.validate()


def test_tasks_that_fetch_rows_leave_room_for_the_stream(bag: DagBag) -> None:
    """So do the others: a check that waited in the pool of ingest would hold back rows."""
    pools = {task.task_id: task.pool for dag in bag.dags.values() for task in dag.tasks}
    assert pools == {
        "ingest": "ingest",
        "check_capture": "default_pool",
        "report": "default_pool",
        "keep_streaming": "default_pool",
    }


def test_the_graph_shows_a_flow(bag: DagBag) -> None:
    """Rows flow as soon as a run begins: no task comes before `ingest`."""
    tasks = bag.dags["ingest_users"].task_dict
    following = {name: task.downstream_task_ids for name, task in tasks.items()}
    assert following == {
        "ingest": {"check_capture", "report"},
        "check_capture": {"report"},
        "report": set(),
    }
    assert tasks["ingest"].task_display_name == "ingest: fetch, validate, store"
    labels = bag.dags["ingest_users"].edge_info
    assert labels["ingest"]["check_capture"] == {"label": "rows in PostgreSQL"}
    assert labels["check_capture"]["report"] == {"label": "changes on the topic"}
    assert all(len(task.doc_md or "") > 80 for task in tasks.values())


def test_two_tasks_link_to_the_rows(bag: DagBag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTROL_CENTER_PAGES", "http://127.0.0.1:9021")
    run = SimpleNamespace(start_date=datetime(2026, 11, 27, 5, 46, 16, tzinfo=timezone.utc))
    instance = SimpleNamespace(get_template_context=lambda: {"dag_run": run})
    links = {
        task.task_id: [link.get_link(task, ti_key=instance) for link in task.operator_extra_links]
        for task in bag.dags["ingest_users"].tasks
    }
    page = "http://127.0.0.1:9021/messages?table=users&since=2026-11-27+05%3A46%3A16"
    assert links == {"ingest": [page], "check_capture": [], "report": [page]}


def test_a_check_that_waits_holds_no_worker_and_no_run(bag: DagBag) -> None:
    dag = bag.dags["ingest_users"]
    check = dag.task_dict["check_capture"]
    assert check.mode == "reschedule"
    assert check.poke_interval < check.max_wait.total_seconds() <= 60 < check.timeout
    # The runs of ten minutes, also if one begins every minute, and those of people.
    assert dag.max_active_runs > 15
    assert dag.task_dict["ingest"].max_active_tis_per_dag == 6


def test_each_task_survives_the_death_of_its_worker(bag: DagBag) -> None:
    for dag in bag.dags.values():
        assert all(task.retries for task in dag.tasks)


def test_a_table_with_a_source_is_a_dag(tables: DagBag) -> None:
    assert tables.import_errors == {}
    assert set(tables.dags) == {
        "ingest_users", "ingest_readings", "ingest_broken", "stream_tables"
    }  # fmt: skip


def test_each_dag_has_the_parameters_of_its_source(tables: DagBag) -> None:
    params = {name: dict(tables.dags[name].params) for name in ("ingest_users", "ingest_readings")}
    assert params["ingest_users"] == {
        "count": None, "rate": 1.0, "batch_size": None, "seed": None, "nat": None
    }  # fmt: skip
    assert params["ingest_readings"] == {
        "count": None, "rate": 0.0, "batch_size": None, "since": 7
    }  # fmt: skip


def test_a_task_parses_its_own_dag_only(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "ingest_readings")
    parsed = DagBag(release / "ingest_tables.py")
    assert set(parsed.dags) == {"ingest_readings"}


def test_a_table_appears_and_disappears_with_its_file(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(release.parent, tmp_path / "next")
    (tmp_path / "next/tables/readings.toml").unlink()
    assert "ingest_readings" not in DagBag(tmp_path / "next/dags/ingest_tables.py").dags


@pytest.mark.parametrize(
    "wrong",
    [{"count": 0}, {"batch_size": 5_001}, {"rate": -1}, {"seed": 3}, {"rate": None}],
)
def test_wrong_params_are_refused(bag: DagBag, wrong: dict[str, object]) -> None:
    params = copy.deepcopy(bag.dags["ingest_users"].params)
    with pytest.raises(ParamValidationError):
        params.update(wrong)
        params.validate()


def test_a_misspelt_parameter_is_refused() -> None:
    from ingest.params import check

    assert USERS.source
    check(USERS.source, {"count": 5, "seed": "a"})
    with pytest.raises(ValueError, match=r"coutn: did you mean count\? There are count, rate"):
        check(USERS.source, {"coutn": 5})


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("# a dag of airflow\nimport nosuchmodule\n")
    bag = DagBag(tmp_path)
    assert not bag.dags
    assert "nosuchmodule" in next(iter(bag.import_errors.values()))
