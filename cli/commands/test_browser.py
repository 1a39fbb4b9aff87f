"""Open every page of the Control Center in chromium, act as reader and operator, try to intrude.

The tests use their own installation, as `make test` does. Writes docs/pictures.
"""

from __future__ import annotations

from cli.dev import session
from cli.dev.session import Options
from cli.host.machine import setup
from cli.host.output import stage

SUMMARY = "Open every page of the Control Center in a real browser, act, and try to intrude"


def run(options: Options) -> int:
    session.end_on_sigterm()
    with stage("this machine"):
        setup.ensure()
        setup.ensure_chromium()
    arguments = ["-s", "tests/browser"]
    return session.on_own_platform(lambda: session.run_pytest(arguments, options), options.keep)
