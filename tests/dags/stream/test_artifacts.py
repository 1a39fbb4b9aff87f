"""What the artifacts volume says, also before anything was deployed."""

from __future__ import annotations

from pathlib import Path

import pytest
from stream import artifacts


@pytest.fixture(autouse=True)
def volume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(artifacts, "ARTIFACTS", tmp_path)
    return tmp_path


def test_an_empty_volume() -> None:
    assert (artifacts.current(), artifacts.streaming(), artifacts.submitted("r1")) == ("", "", "")


def test_a_deployed_release(volume: Path) -> None:
    (volume / "current").symlink_to("releases/r1")
    (volume / "streaming-release").write_text("r1")
    assert (artifacts.current(), artifacts.streaming()) == ("r1", "r1")


def test_a_driver_is_remembered_for_its_release_only() -> None:
    artifacts.remember("r1", "driver-1")
    assert artifacts.submitted("r1") == "driver-1"
    assert artifacts.submitted("r2") == ""
    artifacts.remember("r2", "driver-2")
    assert artifacts.submitted("r2") == "driver-2"


def test_half_a_file_is_no_driver(volume: Path) -> None:
    (volume / "streaming-driver").write_text("r1")
    assert artifacts.submitted("r1") == ""
