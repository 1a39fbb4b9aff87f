"""Apply infra/aws to a LocalStack of the tests' own: plan, apply, an empty second plan, one more
worker, no secret to be found, destroy, an empty account. Nothing is asked of AWS.

PYTEST takes more arguments for pytest; KEEP=1 leaves LocalStack running for a look around.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys

from cli import output, setup
from cli.installation import ROOT
from cli.output import Fault

FIGURES = ROOT / ".riada/test-aws.json"
"""Where the tests write what they measured."""


def main() -> int:
    argparse.ArgumentParser(prog="make test-aws", description=__doc__).parse_args()
    setup.ensure()
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.unlink(missing_ok=True)
    extra = shlex.split(os.environ.get("PYTEST", ""))
    command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-v", "tests/aws", *extra]
    out = sys.stderr if output.wants_json() else None
    code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out).returncode
    if not FIGURES.exists():
        raise Fault("the tests measured nothing", "the lines above tell why")
    figures = json.loads(FIGURES.read_text())
    text = output.table(
        [(name.replace("_", " "), value) for name, value in figures.items()], ("figure", "")
    )
    output.emit({"ok": code == 0, **figures}, f"\n{text}")
    return code


if __name__ == "__main__":
    output.run(main)
