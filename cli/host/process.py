"""Running other programs so that Ctrl-C lets them finish their own clean-up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache

from cli.host.output import Fault, wants_json
from cli.host.paths import ROOT

_GRACE_S = 60


@cache
def program(name: str, remedy: str) -> str:
    """Path of a program; a Fault when there is none."""
    path = shutil.which(name)
    if path is None:
        raise Fault(f"there is no {name} command", remedy)
    return path


def stream(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, remedy: str = ""
) -> None:
    """Run in the repository's root with output passed on; a Fault when it fails.

    On Ctrl-C the program has been sent SIGINT too (same terminal): it gets a minute to end, so
    that e.g. Terraform writes down what it had created.
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
        raise Fault(f"`{' '.join(command[:3])} …` failed with exit code {code}", remedy)


def capture(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
    remedy: str = "",
) -> str:
    """Run in the repository's root and return what it printed; a Fault with its last words."""
    try:
        done = _run(command, environment, timeout_s)
    except subprocess.TimeoutExpired:
        raise Fault(f"`{' '.join(command[:3])} …` took over {timeout_s} s") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-20:]
        raise Fault(f"`{' '.join(command[:3])} …` failed: " + "\n".join(said), remedy)
    return done.stdout


def succeeds(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    timeout_s: float = 60,
) -> bool:
    """Does the command end with 0 within the time? Its output is dropped."""
    try:
        return _run(command, environment, timeout_s).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False


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
