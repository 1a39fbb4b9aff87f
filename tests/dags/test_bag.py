"""Airflow imports every file of dags/ and finds one DAG in each, which has the file's name."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.exceptions import ParamValidationError

DAGS = Path(__file__).parents[2] / "dags"


@pytest.fixture(scope="module")
def bag() -> DagBag:
    return DagBag(DAGS)


def test_each_file_is_one_dag(bag: DagBag) -> None:
    assert bag.import_errors == {}
    files = {dag.dag_id: Path(dag.fileloc).name for dag in bag.dags.values()}
    assert files == {file.stem: file.name for file in DAGS.glob("*.py")}
    assert {"ingest_users", "stream_users"} <= files.keys()


def test_each_dag_carries_its_release(bag: DagBag) -> None:
    assert {tuple(dag.tags) for dag in bag.dags.values()} == {("release:unreleased",)}


def test_only_one_run_supervises_the_stream(bag: DagBag) -> None:
    assert bag.dags["stream_users"].max_active_runs == 1


def test_manual_runs_go_beside_the_scheduled_one(bag: DagBag) -> None:
    dag = bag.dags["ingest_users"]
    assert dag.max_active_runs > 1
    assert not dag.catchup
    dag.params.validate()


@pytest.mark.parametrize(
    "wrong", [{"people": 0}, {"batch_size": 5_001}, {"rate": -1}, {"seed": 3}, {"rate": None}]
)
def test_wrong_params_are_refused(bag: DagBag, wrong: dict[str, object]) -> None:
    params = copy.deepcopy(bag.dags["ingest_users"].params)
    with pytest.raises(ParamValidationError):
        params.update(wrong)
        params.validate()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("# a dag of airflow\nimport nosuchmodule\n")
    bag = DagBag(tmp_path)
    assert not bag.dags
    assert "nosuchmodule" in next(iter(bag.import_errors.values()))
