"""The installation of the tests: its project and ports differ from a user's."""

from __future__ import annotations

import os

import pytest

from cli.dev.session import PROJECT
from cli.installations.local import PORTS, Installation

__all__ = ["ENVIRONMENT", "KEEP", "LONG", "PROJECT", "SHOP", "WEBHOOK", "long", "own_installation"]

# Use a platform that runs, and leave it running afterwards: for work on a test.
KEEP = bool(os.environ.get("KEEP"))
# Marks tests with which `make test` would take more than 75 minutes on a slow machine.
LONG = bool(os.environ.get("LONG"))
long = pytest.mark.skipif(not LONG, reason="LONG=1 make test runs it")
_SHIFT = int(os.environ.get("TEST_PORT_SHIFT") or "21000")
# The URL that alerts are sent to. tests/harness/webhook.py listens there during some tests.
WEBHOOK = "http://webhook:8000/"
# The host of the PostgreSQL that somebody else runs.
SHOP = "shop-postgres"

ENVIRONMENT = {
    "PROJECT": PROJECT,
    "RUNNER": "compose",
    "ALERT_WEBHOOK_URL": WEBHOOK,
    "SOURCE_SECRETS": "events",  # tests/tables/files/events.toml names it
    # tests/harness/shop.py runs it during some tests; the platform is healthy without it.
    "DATABASES": f"shop={SHOP}:5432",
    **{
        f"{kind.upper().replace('-', '_')}_PORT": str(port + _SHIFT) for kind, port in PORTS.items()
    },
}


def own_installation() -> Installation:
    return Installation.current(ENVIRONMENT)
