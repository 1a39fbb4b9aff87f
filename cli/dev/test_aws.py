"""Apply infra/aws to a LocalStack of the tests' own: plan, apply, an empty second plan, one more
worker, no secret to be found, destroy, an empty account. Nothing is asked of AWS.

With `platform` LocalStack's instances are machines: all of them get ready, people flow through
them, one of Cassandra, one of Kafka, Spark's master and the driver's worker are replaced, and
nothing is left. NODES=3 takes three brokers, ZooKeeper and Cassandra nodes, and two workers. The
first test that fails ends it.

With `vm` they are machines with a kernel of their own, a few at a time: a node of each kind boots
its user-data until it is ready, and again with a new root disk and the same data disk.

PYTEST takes more arguments for pytest; KEEP=1 leaves LocalStack running for a look around, its
machines with what .riada/test-platform/environment tells.
"""

from __future__ import annotations

import argparse
import json
import os

from cli.dev.test import pytest
from cli.host import output
from cli.host.output import Fault
from cli.host.paths import ROOT
from cli.installations import setup

FIGURES = ROOT / ".riada/test-aws.json"
"""Where the tests write what they measured."""
PLATFORM, VM = "tests/aws/platform", "tests/aws/vm"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make test-aws",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="?", choices=("root", "platform", "vm"), default="root")
    part = parser.parse_args().part
    if (nodes := os.environ.get("NODES") or "1") not in ("1", "3"):
        raise Fault(f"NODES={nodes} is neither 1 nor 3", "make test-platform NODES=3")
    setup.ensure()
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.unlink(missing_ok=True)
    tests = {
        "root": ["tests/aws", f"--ignore={PLATFORM}", f"--ignore={VM}"],
        "platform": ["-x", PLATFORM],
        "vm": ["-x", VM],
    }
    code = pytest(*tests[part])
    if not FIGURES.exists():
        raise Fault("the tests measured nothing", "the lines above tell why")
    figures = json.loads(FIGURES.read_text())
    text = output.table(
        [(name.replace("_", " "), value) for name, value in figures.items()], ("figure", "")
    )
    output.emit({"ok": code == 0, **figures}, f"\n{text}")
    return code
