"""Commands print to terminals that are not UTF-8."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from cli.host.paths import ROOT

LOCALES = {
    "C": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "POSIX": {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
}


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    shutil.rmtree(ROOT / ".riada/riada-unit-locale", ignore_errors=True)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("command", ["doctor", "up", "status"])
def test_a_command_ends_as_in_utf8(locale: str, command: str) -> None:
    """`up` prints its first stage, and stops at the port."""
    environment = {**os.environ, "PROJECT": "riada-unit-locale", "POSTGRES_PORT": "none"}
    done = subprocess.run(
        ["make", command], cwd=ROOT, env=environment | LOCALES[locale], capture_output=True
    )
    assert b"Error" not in done.stderr.replace(b"] Error 1", b""), done.stderr.decode()
    assert b"error: " in done.stderr or b"passed" in done.stdout
