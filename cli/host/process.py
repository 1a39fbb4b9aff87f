"""Runs other programs so that they can finish their own clean-up after Ctrl-C."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache

from cli.host.errors import CliError
from cli.host.output import wants_json
from cli.host.paths import ROOT

_GRACE_S = 60


@cache
def program(name: str, remedy: str) -> str:
    """Path of a program; raises CliError with the remedy when it is not installed."""
    path = shutil.which(name)
    if path is None:
        raise CliError(f"{name} is not installed", remedy)
    return path


def stream(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, remedy: str = ""
) -> None:
    """Run a program in the repository's root and pass its output on; raises CliError when it fails.
    Ctrl-C sends SIGINT to the program too, because it has the same terminal. It gets a minute to
    end, so that Terraform, for example, records its resources.
    """
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr if wants_json() else None,
    )
    try:
        code = child.wait()
    except KeyboardInterrupt:
        try:
            child.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
        raise
    if code:
        raise CliError(f"{_shown(command)} failed with exit code {code}", remedy)


def capture(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
    remedy: str = "",
) -> str:
    """Run a program in the repository's root and return its output; raises CliError with its last
    lines."""
    try:
        done = _run(command, environment, timeout_s)
    except subprocess.TimeoutExpired:
        raise CliError(f"{_shown(command)} did not end within {timeout_s} s", remedy) from None
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-20:]
        raise CliError(f"{_shown(command)} failed: " + "\n".join(last), remedy)
    return done.stdout


def succeeds(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    timeout_s: float = 60,
) -> bool:
    """Whether the command ends with 0 within the time. Its output is dropped."""
    try:
        return _run(command, environment, timeout_s).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False


def _shown(command: Sequence[str]) -> str:
    """The first words of a command, for messages."""
    return f"`{' '.join(command[:3])} …`"


def _run(
    command: Sequence[str], environment: Mapping[str, str] | None, timeout_s: float | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
