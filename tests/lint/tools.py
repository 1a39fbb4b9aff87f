"""Files of the repository by kind, and how a linter of .venv checks them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from cli.host.paths import ROOT

BIN = ROOT / ".venv/bin"
SHELL = re.compile(r"#!.*\b(ba|da)?sh\b|# shellcheck shell=")
PYTHON = re.compile(r"#!.*\bpython3?\b")
# The folders of packages that the repository imports by name.
PYTHONPATH = os.pathsep.join(str(ROOT / folder) for folder in (".", "spark", "dags"))


def tracked(*patterns: str) -> list[str]:
    """Files of the repository by name, including files that are not added yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout
    return sorted({name for name in listed.splitlines() if (ROOT / name).is_file()})


def shell_scripts() -> list[str]:
    """Scripts by their first line: shell scripts have no suffix in docker/."""
    return [name for name in tracked() if SHELL.match(_first_line(ROOT / name))]


def python_files() -> list[str]:
    """Every Python file, those without the suffix .py included."""
    return [
        name for name in tracked() if name.endswith(".py") or PYTHON.match(_first_line(ROOT / name))
    ]


def _first_line(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline(200).decode(errors="replace")


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of .venv in the repository; standard error is part of its output."""
    if not (BIN / tool).exists():
        pytest.fail(f".venv has no {tool}: run tests/venv.sh, which prints why", pytrace=False)
    return subprocess.run(
        [BIN / tool, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": PYTHONPATH},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def check(tool: str, *arguments: str) -> None:
    """Run a tool of .venv; if it complains, the test fails with its output."""
    done = run(tool, *arguments)
    if done.returncode:
        pytest.fail(f"{tool} {' '.join(arguments[:3])} …\n{done.stdout}", pytrace=False)
