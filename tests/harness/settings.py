"""The installation of the tests: its project and ports differ from a user's."""

from __future__ import annotations

import os
import random

import pytest

from cli.dev.session import PROJECT
from cli.installations.local import PORTS, Installation

__all__ = [
    "ENVIRONMENT", "FAULT", "KEEP", "LONG", "MINUTES", "PROJECT", "RATE", "SEED", "SHOP", "WEBHOOK",
    "long", "own_installation",
]  # fmt: skip

# Use a platform that runs, and leave it running afterwards: for work on a test.
KEEP = bool(os.environ.get("KEEP"))
# Marks tests with which `make test` would take more than 75 minutes on a slow machine.
LONG = bool(os.environ.get("LONG"))
long = pytest.mark.skipif(not LONG, reason="LONG=1 make test runs it")
# Of `make faults`: names of faults, how long random ones last, and the seed of rows and faults.
FAULT = os.environ.get("FAULT", "")
MINUTES = float(os.environ.get("MINUTES") or 0)
SEED = os.environ.get("SEED") or str(random.randrange(10**6))
RATE = 200.0  # rows/s that the workload writes
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
