"""Open every page of the Control Center in chromium, act as reader and operator, try to intrude.

On an installation of its own, as `make test` (PYTEST, KEEP=1). Writes docs/pictures.
"""

from __future__ import annotations

import argparse
import signal
import sys

from cli.dev.test import on_own_platform, pytest
from cli.host.output import stage
from cli.installations import setup


def main() -> int:
    argparse.ArgumentParser(prog="make test-browser", description=__doc__).parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with stage("this machine"):
        setup.ensure()
        setup.ensure_chromium()
    return on_own_platform(lambda: pytest("-s", "tests/browser"))
