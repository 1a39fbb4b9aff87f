"""Sessions of pytest, on their own installation or against LocalStack."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cli.host import output
from cli.host.errors import CliError
from cli.host.options import flag, text
from cli.host.paths import ROOT
from cli.installations.local import Installation
from cli.installations.removal import remove

# An empty variable counts as unset: without a name, the tests would remove the project riada.
PROJECT = os.environ.get("TEST_PROJECT") or "riada-test"
# The file into which the tests of infra/aws write their measurements.
FIGURES = ROOT / ".riada/test-aws.json"
_CLEAN_UP_S = 120


@dataclass(frozen=True)
class Options:
    pytest: str = text("", "more arguments for pytest, e.g. PYTEST='-k poison'")
    keep: bool = flag("leave the platform running, for the next try")

    def environment(self) -> dict[str, str]:
        """The variables that the fixtures of the tests read."""
        return {"KEEP": "1" if self.keep else "", "PYTEST": self.pytest}


def end_on_sigterm() -> None:
    """Let SIGTERM unwind the command, so that its installation is removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def on_own_platform(session: Callable[[], int], keep: bool) -> int:
    """The session's exit code. Its installation is removed before and after, unless it is kept."""
    installation = Installation.current({"PROJECT": PROJECT})
    if not keep:
        remove(installation)
    try:
        return session()
    finally:
        if not keep:
            remove(installation)


def run_pytest(
    arguments: list[str], options: Options, environment: Mapping[str, str] | None = None
) -> int:
    """Exit code of a session; its output goes to stderr when stdout is for JSON."""
    python = ROOT / ".venv/bin/python"
    if not python.exists():
        raise CliError(".venv does not exist", "make .venv")
    command = [str(python), "-m", "pytest", "-v", *arguments, *shlex.split(options.pytest)]
    variables = {**os.environ, **options.environment(), **(environment or {})}
    out = sys.stderr if output.wants_json() else None
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=out
    ) as child:
        try:
            return child.wait()
        except BaseException:
            child.send_signal(
                signal.SIGINT
            )  # pytest then removes everything that its fixtures made
            child.wait(_CLEAN_UP_S)
            raise


def run_aws_tests(
    arguments: list[str], options: Options, environment: Mapping[str, str] | None = None
) -> int:
    """Run tests of infra/aws, and print the figures that they measured."""
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.unlink(missing_ok=True)
    code = run_pytest(arguments, options, environment)
    if not FIGURES.exists():
        raise CliError("the tests measured nothing", "see the lines above")
    figures = json.loads(FIGURES.read_text())
    rows = [(name.replace("_", " "), value) for name, value in figures.items()]
    output.emit({"ok": code == 0, **figures}, f"\n{output.table(rows, ('figure', ''))}")
    return code
