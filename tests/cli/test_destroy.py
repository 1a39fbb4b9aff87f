"""destroy removes what carries the project's label, and nothing of a project with a longer name."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from cli import engine
from cli.installation import ROOT, Installation

PROJECT, NEIGHBOUR = "riada-unit", "riada-unit-b"


@pytest.fixture
def volumes() -> Iterator[list[str]]:
    names = [f"{PROJECT}-data", f"{NEIGHBOUR}-data"]
    for project, name in zip((PROJECT, NEIGHBOUR), names, strict=True):
        engine.ask("volume", "create", "--label", f"riada.project={project}", name)
    yield names
    engine.remove("volume", *names)


def destroy() -> str:
    return subprocess.run(
        [sys.executable, "-m", "cli.destroy"],
        cwd=ROOT,
        env={**os.environ, "PROJECT": PROJECT},
        text=True,
        capture_output=True,
        check=True,
    ).stdout


def test_only_the_project_goes(volumes: list[str]) -> None:
    if not engine.reachable():
        pytest.fail("no docker engine answers: make doctor")
    here = Installation.current({"PROJECT": PROJECT})
    here.secrets.mkdir(parents=True, exist_ok=True)
    said = destroy()
    assert volumes[0] in said
    assert engine.named("volume", PROJECT) == []
    assert engine.named("volume", NEIGHBOUR) == [volumes[1]]
    assert not here.folder.exists()
    assert "there was nothing" in destroy()
