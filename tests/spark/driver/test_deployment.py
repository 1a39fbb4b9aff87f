"""The driver follows the deployed release, and restarts only the queries that it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from riada_stream.driver.deployment import Deployment, needs_restart
from riada_stream.settings import Settings

from contract.table import file
from contract.table.column import Column
from tests.spark.samples import ORDERS, USERS

TABLE = 'key = ["id"]\n[columns]\nid = "uuid"'


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings("r1", "j1", artifacts=folder)

    def deploy(self, release: str, job: str = "j1", **tables: str) -> None:
        path = self.folder / "releases" / release
        (path / "tables").mkdir(parents=True)
        for name, text in tables.items():
            (path / f"tables/{name}.toml").write_text(text)
        (path / "job").write_text(f"{job}\n")
        self.name(release)

    def name(self, release: str) -> None:
        (self.folder / "streaming-release").write_text(release)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_before_the_first_deploy_there_are_no_tables(store: Store) -> None:
    deployment = Deployment(store.settings)
    assert (deployment.release, dict(deployment.tables)) == ("r1", {})
    assert not deployment.is_superseded


def test_the_tables_of_a_later_release_are_taken(store: Store) -> None:
    store.deploy("r1", a=TABLE)
    deployment = Deployment(store.settings)
    assert deployment.tables.keys() == {"a"}
    assert not deployment.poll()
    store.deploy("r2", a=TABLE, b=TABLE)
    assert deployment.poll()
    assert (deployment.release, {*deployment.tables}) == ("r2", {"a", "b"})
    assert not deployment.is_superseded


def test_another_job_supersedes_the_driver(store: Store) -> None:
    store.deploy("r1", a=TABLE)
    deployment = Deployment(store.settings)
    store.deploy("r2", "j2", a=TABLE)
    deployment.poll()
    assert deployment.is_superseded


def test_without_a_named_release_the_driver_continues(store: Store) -> None:
    store.deploy("r1", a=TABLE)
    deployment = Deployment(store.settings)
    store.name("")
    assert not deployment.poll()
    (store.folder / "streaming-release").unlink()
    assert not deployment.poll()
    assert deployment.tables.keys() == {"a"}


def test_a_release_that_is_not_complete_is_taken_when_it_is(store: Store) -> None:
    store.deploy("r1", a=TABLE)
    deployment = Deployment(store.settings)
    store.name("r2")
    assert not deployment.poll()
    store.deploy("r2", b=TABLE)
    assert deployment.poll()
    assert deployment.tables.keys() == {"b"}


def test_tables_that_cannot_be_read_are_logged_once_and_not_taken(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.deploy("r1", a=TABLE)
    deployment = Deployment(store.settings)
    store.deploy("r2", a="nothing")
    assert not deployment.poll()
    assert not deployment.poll()
    assert caplog.text.count("release r2: tables/a.toml") == 1
    assert (deployment.release, {*deployment.tables}) == ("r1", {"a"})


def test_what_a_query_uses_restarts_it() -> None:
    more = Column("more", ORDERS.column("offset").kind, nullable=True)
    assert needs_restart(ORDERS, replace(ORDERS, columns=(*ORDERS.columns, more)))
    assert needs_restart(ORDERS, replace(ORDERS, not_delivered=frozenset({"other"})))
    assert needs_restart(ORDERS, replace(ORDERS, relation="other"))


def test_what_no_query_uses_restarts_nothing() -> None:
    masked = tuple(replace(column, personal=True, path="x") for column in USERS.columns)
    assert not needs_restart(
        USERS, replace(USERS, columns=masked, source=None, queries={"all": "SELECT"})
    )
    assert not needs_restart(file.read("a", TABLE), file.read("a", TABLE))
