"""A release is named by its content, and every DAG in it carries that name."""

from __future__ import annotations

import io
import tarfile

import pytest

from cli.deploy.release import Release
from cli.host.errors import CliError

DAG = b'RELEASE = "unreleased"\n'
SOURCES = {
    "dags/a.py": DAG + b"# a",
    "dags/b.py": DAG,
    "dags/part/c.py": b"# a helper",
    "dags/.airflowignore": b"*/",
    "spark/main.py": b"# job",
    "contract/table/columns.py": b"# table",
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


def test_dags_find_the_users_table_beside_them() -> None:
    files = Release(SOURCES).files
    assert files["dags/contract/table/columns.py"] == files["contract/table/columns.py"]


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
    assert {"ingest_users", "stream_users"} <= set(release.dags)
    assert "spark/main.py" in release.files
    assert not [path for path in release.files if "__pycache__" in path]
