"""The contents of the artifacts volume, also before the first deploy."""

from __future__ import annotations

from pathlib import Path

import pytest
from stream.artifacts import Artifacts


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(tmp_path)


def test_an_empty_volume(artifacts: Artifacts) -> None:
    assert artifacts.current_release() == ""
    assert artifacts.streaming_release() == ""
    assert artifacts.submitted_driver("r1") == ""


def test_a_deployed_release(artifacts: Artifacts, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("releases/r1")
    (tmp_path / "streaming-release").write_text("r1")
    assert (artifacts.current_release(), artifacts.streaming_release()) == ("r1", "r1")


def test_the_job_of_a_release(artifacts: Artifacts, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        artifacts.job("r1")
    (tmp_path / "releases/r1").mkdir(parents=True)
    (tmp_path / "releases/r1/job").write_text("j1\n")
    assert artifacts.job("r1") == "j1"


def test_a_submitted_driver_belongs_to_its_job_only(artifacts: Artifacts) -> None:
    artifacts.save_submitted_driver("j1", "driver-1")
    assert artifacts.submitted_driver("j1") == "driver-1"
    assert artifacts.submitted_driver("j2") == ""
    artifacts.save_submitted_driver("j2", "driver-2")
    assert artifacts.submitted_driver("j2") == "driver-2"


def test_an_incomplete_file_names_no_driver(artifacts: Artifacts, tmp_path: Path) -> None:
    (tmp_path / "streaming-driver").write_text("r1")
    assert artifacts.submitted_driver("r1") == ""
