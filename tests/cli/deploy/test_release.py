"""A release is named by its content, and every DAG in it carries that name."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from cli.deploy.release import Release, table_files
from cli.host.errors import CliError
from contract.stream.deployed import deployed
from contract.stream.releases import ReleaseFolder, ReleaseState

DAG = b'RELEASE = "unreleased"\n'
SOURCES = {
    "dags/a.py": DAG + b"# a",
    "dags/b.py": DAG,
    "dags/part/c.py": b"# a helper",
    "dags/.airflowignore": b"*/",
    "spark/main.py": b"# job",
    "contract/table/table.py": b"# table",
    "tables/orders.toml": b'key = ["id"]\n[columns]\nid = "int4"\n',
}


def test_same_content_same_name() -> None:
    assert Release(SOURCES).name == Release(dict(reversed(SOURCES.items()))).name
    assert len(Release(SOURCES).name) == 12


@pytest.mark.parametrize("path", SOURCES)
def test_any_change_gives_another_name(path: str) -> None:
    assert Release(SOURCES | {path: SOURCES[path] + b"\n"}).name != Release(SOURCES).name
    assert Release(SOURCES | {f"{path}.more": b""}).name != Release(SOURCES).name


def test_each_file_of_dags_is_a_dag_with_the_name_in_it() -> None:
    release = Release(SOURCES)
    assert release.dags == ["a", "b"]
    for dag in release.dags:
        assert f'RELEASE = "{release.name}"'.encode() in release.files[f"dags/{dag}.py"]


def test_dags_find_the_contract_beside_them() -> None:
    files = Release(SOURCES).files
    assert files["dags/contract/table/table.py"] == files["contract/table/table.py"]


def test_each_table_with_a_source_has_a_dag() -> None:
    """The line [source] counts, not the word in a comment or a value."""
    sources = SOURCES | {
        "dags/ingest_tables.py": DAG,
        "tables/users.toml": b'[columns]\nid = "uuid"\n\n[source]\nurl = "http://api"\n',
        "tables/notes.toml": b'# [source] is absent\n[columns]\nid = "uuid"\n',
        "tables/README.md": b"[source]",
    }
    release = Release(sources)
    assert release.dags == ["a", "b", "ingest_users"]
    assert list(release.tables) == ["notes", "orders", "users"]


@pytest.mark.parametrize("path", ["spark/main.py", "contract/table/table.py"])
def test_the_job_changes_with_its_code(path: str) -> None:
    release, other = Release(SOURCES), Release(SOURCES | {path: b"# another"})
    assert other.job != release.job
    assert other.files["job"] == f"{other.job}\n".encode()


@pytest.mark.parametrize("path", ["dags/a.py", "tables/orders.toml"])
def test_the_job_stays_while_only_tables_or_dags_change(path: str) -> None:
    """So the driver keeps running."""
    release, other = Release(SOURCES), Release(SOURCES | {path: SOURCES[path] + b"\n"})
    assert other.name != release.name
    assert other.job == release.job


def test_running_programs_find_the_tables_of_a_release(tmp_path: Path) -> None:
    release = Release(SOURCES)
    store = ReleaseFolder(tmp_path)
    store.put(release.name, release.archive())
    store.stream(release.name)
    running = deployed(tmp_path)
    assert (running.release, running.job) == (release.name, release.job)
    assert list(running.tables) == ["orders"]


SHOP = {
    "shop/ca.pem": "-----BEGIN CERTIFICATE-----\n",
    "shop/carts.toml": 'key = ["id"]\n[columns]\nid = "int8"\n',
    "shop/database.toml": 'ca = "ca.pem"\n',
}


@pytest.mark.parametrize("target", ["volume", "bucket"])
def test_running_programs_find_the_databases_of_a_release(tmp_path: Path, target: str) -> None:
    """The folder of a database arrives with its certificates, and its notes do not count."""
    texts = SHOP | {"shop/notes.txt": "no table", "shop/old/carts.toml": "no table"}
    release = Release(SOURCES | {f"tables/{path}": text.encode() for path, text in texts.items()})
    assert SHOP.items() <= release.table_files.items()
    assert not {"shop/notes.txt", "shop/old/carts.toml"} & set(release.table_files)
    assert list(release.tables) == ["carts", "orders"]
    store = ReleaseFolder(tmp_path)
    if target == "volume":
        store.put(release.name, release.archive())
        store.stream(release.name)
    else:
        state = ReleaseState().activated(release.name).streamed(release.name)
        store.follow(state.text(), lambda name: release.archive())
    running = deployed(tmp_path)
    assert [table.database for table in running.tables.values()] == ["shop", ""]
    assert running.databases["shop"].ca == SHOP["shop/ca.pem"]


def test_table_files_of_the_work_tree(tmp_path: Path) -> None:
    for path, text in SHOP.items():
        (tmp_path / "tables" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tables" / path).write_text(text)
    (tmp_path / "tables/shop/notes.txt").write_text("no table")
    assert table_files(tmp_path) == SHOP
    assert table_files(tmp_path / "missing") == {}


def test_a_dag_without_the_line_is_refused() -> None:
    with pytest.raises(CliError, match=r"dags/d\.py"):
        Release(SOURCES | {"dags/d.py": b"# no line"})


def test_no_dag_at_all_is_refused() -> None:
    with pytest.raises(CliError, match="no DAG"):
        Release({"spark/main.py": b""})


def test_archive_holds_every_file() -> None:
    release = Release(SOURCES)
    with tarfile.open(fileobj=io.BytesIO(release.archive())) as tar:
        assert sorted(tar.getnames()) == sorted(release.files)


def test_the_work_tree_makes_a_release() -> None:
    release = Release.of()
    assert {"ingest_users", "stream_tables"} <= set(release.dags)
    assert {"spark/main.py", "tables/users.toml", "job"} <= set(release.files)
    assert "users" in release.tables
    assert not [path for path in release.files if "__pycache__" in path]
