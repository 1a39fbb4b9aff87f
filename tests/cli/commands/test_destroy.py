"""destroy removes what carries the project's label, and nothing of a project with a longer name."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from cli.host import docker
from cli.host.paths import ROOT
from cli.installations.local import Installation

PROJECT, NEIGHBOUR = "riada-unit", "riada-unit-b"


@pytest.fixture
def volumes() -> Iterator[list[str]]:
    names = [f"{PROJECT}-data", f"{NEIGHBOUR}-data"]
    for project, name in zip((PROJECT, NEIGHBOUR), names, strict=True):
        docker.ask("volume", "create", "--label", f"riada.project={project}", name)
    yield names
    docker.remove("volume", *names)


def destroy() -> str:
    return subprocess.run(
        [sys.executable, "-m", "cli", "destroy"],
        cwd=ROOT,
        env={**os.environ, "PROJECT": PROJECT},
        text=True,
        capture_output=True,
        check=True,
    ).stdout


def test_only_the_project_is_removed(volumes: list[str]) -> None:
    if not docker.reachable():
        pytest.fail("no docker engine answers: make doctor")
    installation = Installation.current({"PROJECT": PROJECT})
    installation.secrets.mkdir(parents=True, exist_ok=True)
    printed = destroy()
    assert volumes[0] in printed
    assert docker.named("volume", PROJECT) == []
    assert docker.named("volume", NEIGHBOUR) == [volumes[1]]
    assert not installation.folder.exists()
    assert "there was nothing" in destroy()
