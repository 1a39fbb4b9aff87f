"""Boot a node of each kind from its user-data, on its own kernel, a few at a time.

Each boots until it is ready, and again with a new root disk and the same data disk. The first test
that fails ends the session.
"""

from __future__ import annotations

from cli.dev import session
from cli.dev.session import Options
from cli.host.machine import setup

SUMMARY = "Boot a node of each kind twice on its own kernel; the data disk is kept"


def run(options: Options) -> int:
    setup.ensure()
    return session.run_aws_tests(["-x", "tests/aws/vm"], options)
