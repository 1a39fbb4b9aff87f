"""The artifacts store in a volume: the file that runs in the container does its commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.deploy import volume
from cli.deploy.release import Release
from cli.deploy.volume import ArtifactsVolume
from cli.host.errors import CliError
from contract.stream.releases import KEEP, ReleaseState

# Replaces docker: runs the command of `docker exec -i the-container` here.
DOCKER = """#!/bin/bash
[[ $1 == exec && $2 == -i && $3 == the-container ]] || { echo "no container $3" >&2; exit 1; }
shift 3
exec "$@"
"""


def release(number: int) -> Release:
    return Release({"dags/a.py": f'RELEASE = "unreleased"\n# {number}'.encode()})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the container would mount."""
    store = tmp_path / "store"
    store.mkdir()
    program = tmp_path / "docker"
    program.write_text(DOCKER)
    program.chmod(0o755)
    monkeypatch.setattr(volume, "docker", lambda: str(program))
    return store


def test_a_release_is_stored_activated_and_streamed(folder: Path) -> None:
    artifacts, new = ArtifactsVolume("the-container", str(folder)), release(1)
    assert artifacts.state() == ReleaseState()
    artifacts.put(new)
    artifacts.activate(new.name)
    artifacts.stream(new.name)
    assert artifacts.state() == ReleaseState(new.name, new.name, (new.name,))
    assert new.name.encode() in (folder / "current/dags/a.py").read_bytes()


def test_old_releases_are_pruned(folder: Path) -> None:
    artifacts = ArtifactsVolume("the-container", str(folder))
    releases = [release(number) for number in range(KEEP + 1)]
    for item in releases:
        artifacts.put(item)
        artifacts.activate(item.name)
        artifacts.stream(item.name)
    assert artifacts.prune() == [releases[0].name]
    assert artifacts.prune() == []


def test_none_is_current_after_a_roll_back_to_none(folder: Path) -> None:
    artifacts = ArtifactsVolume("the-container", str(folder))
    artifacts.put(release(1))
    artifacts.activate(release(1).name)
    artifacts.activate("")
    assert artifacts.state().current == ""


def test_an_error_names_the_container_and_the_cause(folder: Path) -> None:
    with pytest.raises(CliError, match="does not hold release r9") as raised:
        ArtifactsVolume("the-container", str(folder)).activate("r9")
    assert raised.value.component == "the-container"
    with pytest.raises(CliError, match="no container another"):
        ArtifactsVolume("another", str(folder)).state()
