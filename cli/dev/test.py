"""Set up and run lint, unit tests and the end-to-end tests on the real engines.

The tests bring up an installation of their own (project riada-test, host ports + 21,000), clear
what an earlier run left, and remove it in the end, whatever the outcome. A few extra arguments for
pytest may be given in PYTEST, e.g. make test PYTEST='-k poison'; KEEP=1 leaves all running.
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable

from cli.commands import destroy
from cli.host import output
from cli.host.output import Fault, stage
from cli.host.paths import ROOT
from cli.installations import setup
from cli.installations.local import Installation

PROJECT = os.environ.get("TEST_PROJECT", "riada-test")
ORDER = (
    "lint",
    "cli",
    "contract",
    "capture",
    "infra",
    "docker",
    "prometheus",
    "in_image",
    "e2e",
    "faults",
    "teardown",
    "scaling",
)
"""Folders of tests/: cheap and telling ones first, the one that ends the platform after them, then
other sizes of it."""
SEPARATE = ("aws", "browser", "by_name")
"""Folders with sessions of their own: `make test-aws`, `test-platform`, `test-browser`; `by_name`
as docs/development.md has it."""
IN_IMAGE = ("dags", "spark", "control_center", "randomuser")
"""Folders that tests/in_image runs, each inside the image whose libraries it needs."""


def main() -> int:
    argparse.ArgumentParser(prog="make test", description=__doc__).parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with stage("this machine"):
        setup.ensure()
    return on_own_platform(_pytest)


def on_own_platform(session: Callable[[], int]) -> int:
    """The session's exit code. What an earlier one left is removed before, its own after it."""
    keep = bool(os.environ.get("KEEP"))
    here = Installation.current({"PROJECT": PROJECT})
    if not keep:
        destroy.remove(here)
    try:
        return session()
    finally:
        if not keep:
            destroy.remove(here)


def _pytest() -> int:
    """Exit code of one pytest session over all folders, or over what PYTEST names."""
    unknown = {path.name for path in (ROOT / "tests").iterdir() if list(path.glob("**/test_*.py"))}
    unknown -= {*ORDER, *SEPARATE, *IN_IMAGE}
    if unknown:
        raise Fault(f"tests/ has folders that no run knows: {unknown}", "add them to ORDER")
    folders = [f"tests/{name}" for name in ORDER]
    if any((ROOT / word.split("::")[0]).exists() for word in extra()):
        folders = []
    return pytest("--durations=15", *folders)


def extra() -> list[str]:
    """PYTEST: more arguments for pytest."""
    return shlex.split(os.environ.get("PYTEST", ""))


def pytest(*arguments: str) -> int:
    """Exit code of a session; its output goes to stderr when stdout is for JSON."""
    python = ROOT / ".venv/bin/python"
    if not python.exists():
        raise Fault("there is no .venv", "make .venv")
    command = [str(python), "-m", "pytest", "-v", *arguments, *extra()]
    out = sys.stderr if output.wants_json() else None
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out) as child:
        try:
            return child.wait()
        except BaseException:
            child.send_signal(signal.SIGINT)  # pytest then removes what its fixtures made
            child.wait(120)
            raise
