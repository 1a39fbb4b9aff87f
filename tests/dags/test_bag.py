"""Airflow imports every file of dags/: one DAG per table with a source, and one for the stream."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

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
    pools = {dag.dag_id: {task.pool for task in dag.tasks} for dag in bag.dags.values()}
    assert pools == {"ingest_users": {"ingest"}, "stream_tables": {"default_pool"}}


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
