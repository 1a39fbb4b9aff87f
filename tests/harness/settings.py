"""The tests' own installation: a project and host ports beside a user's."""

from __future__ import annotations

import os

import pytest

from cli.dev.session import PROJECT
from cli.installations.local import PORTS, Installation

__all__ = ["ENVIRONMENT", "KEEP", "PROJECT", "WEBHOOK", "installation", "long"]

KEEP = bool(os.environ.get("KEEP"))
"""Leave the platform running afterwards, and use the one that runs: for work on a test."""
long = pytest.mark.skipif(not os.environ.get("LONG"), reason="LONG=1 make test runs it")
"""Of tests that would take `make test` beyond 75 minutes on a slow machine."""
_SHIFT = int(os.environ.get("TEST_PORT_SHIFT", "21000"))
WEBHOOK = "http://webhook:8000/"
"""Where alerts are sent to: tests/harness/webhook.py listens there when a test wants to hear."""

ENVIRONMENT = {
    "PROJECT": PROJECT,
    "RUNNER": "compose",
    "ALERT_WEBHOOK_URL": WEBHOOK,
    **{
        f"{kind.upper().replace('-', '_')}_PORT": str(port + _SHIFT) for kind, port in PORTS.items()
    },
}


def installation() -> Installation:
    return Installation.current(ENVIRONMENT)
