"""The streaming driver, as the Spark master tells it."""

from __future__ import annotations

import json
import time
from typing import Any

from cli.http import call
from tests.harness.platform import Platform
from tests.harness.wait import eventually

QUIET_S = 10


def master(platform: Platform) -> dict[str, Any]:
    return call("GET", f"{platform.here.url('spark-master')}/json/")


def running_drivers(platform: Platform) -> list[str]:
    """Ids of drivers that run."""
    drivers = master(platform)["activedrivers"]
    return [driver["id"] for driver in drivers if driver["state"] == "RUNNING"]


def stop_driver(platform: Platform) -> None:
    """Kill drivers through the master's REST API, which supervision takes for a wish, until none
    has run for QUIET_S: a task whose run was just ended may submit one more."""
    seen = time.monotonic()

    def quiet() -> bool:
        nonlocal seen
        for driver in running_drivers(platform):
            seen = time.monotonic()
            url = f"http://spark-master:6066/v1/submissions/kill/{driver}"
            said = platform.run_in("spark-master", "curl", "-sS", "-X", "POST", url)
            assert json.loads(said)["success"], said
        return time.monotonic() - seen > QUIET_S

    eventually(quiet, f"no driver runs for {QUIET_S} s", 90)
