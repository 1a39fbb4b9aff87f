"""A setting that makes no sense is refused before anything is done."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli.host.paths import ROOT


@pytest.mark.parametrize(
    ("command", "setting", "value"),
    [
        (("smoke-test",), "PEOPLE", "0"),
        (("smoke-test",), "PATIENCE", "0"),
        (("smoke-test",), "PATIENCE", "much"),
        (("test-aws", "platform"), "NODES", "2"),
    ],
)
def test_refused(command: tuple[str, ...], setting: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", *command],
        cwd=ROOT,
        env={**os.environ, "PROJECT": "riada-nobody", setting: value},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 1
    assert f"error: {setting}={value} is n" in done.stderr
    assert "remedy: " in done.stderr
