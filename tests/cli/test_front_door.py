"""`make` lists every target with one sentence, and every command has --help."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from cli.host.paths import ROOT

COMMANDS = sorted(set(re.findall(r"-m cli ([a-z-]+)", (ROOT / "Makefile").read_text())))


def test_make_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    said = subprocess.run(["make"], cwd=ROOT, text=True, capture_output=True, check=True).stdout
    listed = dict(re.findall(r"^ *make ([a-z-]+) +(\S.*)$", said, re.MULTILINE))
    assert listed.keys() == targets
    phony = makefile.split(".PHONY:")[1].replace("\\\n", " ").split()
    assert set(phony) == targets


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", command, "--help"], cwd=ROOT, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout
