"""The tables of the deployed release: what a page and a job find while releases come and go."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contract.errors import NotFoundError, UnreachableError
from control_center.clients import tables
from control_center.clients.tables import Tables

ORDERS = 'key = ["id"]\n[columns]\nid = "int4"\n'


def release(artifacts: Path, name: str, **files: str) -> None:
    folder = artifacts / "releases" / name
    (folder / "tables").mkdir(parents=True)
    (folder / "job").write_text("j1\n")
    for table, text in files.items():
        (folder / "tables" / f"{table}.toml").write_text(text)
    (artifacts / "streaming-release").write_text(name)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PAUSE_S", 0)


def test_there_is_no_table_before_the_first_deploy(tmp_path: Path) -> None:
    assert Tables(tmp_path).all() == {}
    with pytest.raises(NotFoundError) as missing:
        Tables(tmp_path).table("orders")
    assert missing.value.remedy == "Run make deploy-dags."


def test_the_tables_of_a_new_release_replace_those_of_the_old_one(tmp_path: Path) -> None:
    release(tmp_path, "r1", orders=ORDERS)
    known = Tables(tmp_path)
    assert list(known.all()) == ["orders"]
    assert known.all() is known.all()
    release(tmp_path, "r2", orders=ORDERS, items=ORDERS)
    assert list(known.all()) == ["items", "orders"]


def test_an_unknown_table_is_answered_with_the_names_that_exist(tmp_path: Path) -> None:
    release(tmp_path, "r1", orders=ORDERS, items=ORDERS)
    with pytest.raises(NotFoundError) as missing:
        Tables(tmp_path).table("users")
    assert missing.value.remedy == "The tables are items, orders."
    assert Tables(tmp_path).table("items").names == ("id",)


def test_the_previous_tables_stay_while_the_store_changes(tmp_path: Path) -> None:
    release(tmp_path, "r1", orders=ORDERS)
    known = Tables(tmp_path)
    known.all()
    release(tmp_path, "r2", items=ORDERS)
    (tmp_path / "releases" / "r2" / "job").unlink()
    assert list(known.all()) == ["orders"]


def test_a_release_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    release(tmp_path, "r1", orders=ORDERS)
    shutil.rmtree(tmp_path / "releases")
    with pytest.raises(UnreachableError, match="cannot read the deployed release"):
        Tables(tmp_path).all()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    release(tmp_path, "r1", orders=ORDERS, items='key = ["id"]\n')
    with pytest.raises(UnreachableError, match=r"tables/items.toml: \[columns\] is missing"):
        Tables(tmp_path).all()


def test_clients_of_one_table_do_not_know_the_others(tmp_path: Path) -> None:
    release(tmp_path, "r1", orders=ORDERS, items=ORDERS)
    known = Tables(tmp_path, only="orders")
    assert list(known.all()) == ["orders"]
    assert known.deployed().release == "r1"
    with pytest.raises(NotFoundError):
        known.table("items")


def test_an_unknown_table_alone_is_answered_with_the_names_that_exist(tmp_path: Path) -> None:
    release(tmp_path, "r1", orders=ORDERS, items=ORDERS)
    with pytest.raises(NotFoundError) as missing:
        Tables(tmp_path, only="users").table("users")
    assert missing.value.remedy == "The tables are items, orders."


def test_a_job_about_one_table_knows_no_database_of_the_others(tmp_path: Path) -> None:
    """Otherwise a server that is away would fail the jobs of every table."""
    release(tmp_path, "r1", orders=ORDERS)
    shop = tmp_path / "releases/r1/tables/shop"
    shop.mkdir()
    (shop / "database.toml").write_text("tls = false\n")
    (shop / "lines.toml").write_text(ORDERS)
    assert list(Tables(tmp_path).deployed().databases) == ["shop"]
    assert list(Tables(tmp_path, "orders").deployed().databases) == []
    assert list(Tables(tmp_path, "lines").deployed().databases) == ["shop"]
