"""TARGET=aws acts on AWS, or is refused: no command takes this machine's installation instead."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli.host.errors import CliError
from cli.host.paths import ROOT
from cli.installations import target


@pytest.mark.parametrize("command", ["destroy", "up", "bench", "urls", "passwords"])
def test_commands_of_this_machine_refuse_it(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", command],
        cwd=ROOT,
        env={**os.environ, "TARGET": "aws", "PROJECT": "riada-nobody"},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 1
    assert "this machine only, got TARGET=aws" in done.stderr


def test_unknown_target() -> None:
    with pytest.raises(CliError, match="TARGET must be local or aws, got azure"):
        target.current({"TARGET": "azure"})
