"""A driver stops, another one takes over, and the stopped one returns: two of them write."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tests.faults.nemesis.fault import Fault, Services
from tests.faults.nemesis.stop import go_on, stop
from tests.harness.copied_container import remove_copy, start_copy
from tests.harness.platform import Platform
from tests.harness.spark import master
from tests.harness.wait import eventually

WORKER, OTHER = "spark-worker-1", "spark-worker-2"
# Spark's master gives a worker up after 60 s without a heartbeat.
TAKEN_OVER_S = 240
# Both drivers run at once.
BOTH_S = 20


@dataclass(frozen=True)
class SecondWriter(Fault):
    target: str = "driver"
    family: ClassVar[str] = "second-writer"
    not_proven: ClassVar[str] = "a driver that returns on another machine after days"

    @property
    def effect(self) -> str:
        return "stops a worker until its driver runs on another one, and lets it go on"

    def inject(self, platform: Platform) -> None:
        start_copy(platform, WORKER, OTHER)
        eventually(lambda: OTHER in _workers(platform), "a second worker", 120)
        stop(platform, WORKER)
        eventually(lambda: OTHER in _drivers(platform), "its driver takes over", TAKEN_OVER_S)
        time.sleep(BOTH_S)
        go_on(platform, WORKER)
        time.sleep(BOTH_S)

    def heal(self, platform: Platform) -> None:
        go_on(platform, WORKER)

    def clean(self, platform: Platform) -> None:
        """The newer driver goes with its worker, and Spark's master starts another."""
        remove_copy(platform, OTHER)


def _workers(platform: Platform) -> str:
    return str([each for each in master(platform)["workers"] if each["state"] == "ALIVE"])


def _drivers(platform: Platform) -> str:
    """The workers of the running drivers."""
    drivers = master(platform)["activedrivers"]
    return str([each["worker"] for each in drivers if each["state"] == "RUNNING"])


def faults(services: Services) -> Iterator[Fault]:
    yield SecondWriter()
