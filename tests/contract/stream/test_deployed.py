"""The deployed release on the artifacts volume."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.stream.deployed import Deployed, deployed, job_of, streaming_release

TABLE = 'key = ["id"]\n\n[columns]\nid = "int8"\n'


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    """Release a, with job j and the table orders, streams."""
    release = tmp_path / "releases/a"
    (release / "tables").mkdir(parents=True)
    (release / "tables/orders.toml").write_text(TABLE)
    (release / "job").write_text("j\n")
    (tmp_path / "streaming-release").write_text("a\n")
    return tmp_path


def test_release_job_and_tables(artifacts: Path) -> None:
    release = deployed(artifacts)
    assert (release.release, release.job) == ("a", "j")
    assert [*release.tables] == ["orders"]


def test_before_the_first_deploy(tmp_path: Path) -> None:
    assert streaming_release(tmp_path) == ""
    assert deployed(tmp_path) == Deployed()


def test_a_release_that_is_missing_is_an_error(artifacts: Path) -> None:
    (artifacts / "streaming-release").write_text("b")
    assert streaming_release(artifacts) == "b"
    with pytest.raises(OSError, match="b/job"):
        deployed(artifacts)
    with pytest.raises(FileNotFoundError, match="b/job"):
        job_of(artifacts, "b")
