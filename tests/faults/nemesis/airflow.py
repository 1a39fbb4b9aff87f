"""A run of a DAG happens twice at once; two schedulers work."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tests.faults.nemesis.fault import LONG_S, Fault, Services
from tests.harness.copied_container import remove_copy, start_copy
from tests.harness.platform import Platform

ROWS = 300
SCHEDULER, OTHER = "airflow-scheduler", "airflow-scheduler-2"


@dataclass(frozen=True)
class RunTwice(Fault):
    """Both runs bring the same rows."""

    target: str = "run-twice"
    family: ClassVar[str] = "airflow"
    not_proven: ClassVar[str] = "two schedulers on machines whose clocks differ"

    @property
    def effect(self) -> str:
        return "starts two runs of ingest_users with the same seed at once"

    def inject(self, platform: Platform) -> None:
        seed = f"twice-{uuid.uuid4().hex[:8]}"
        before = platform.count()
        runs = [platform.ingest(ROWS, seed) for _ in range(2)]
        for run in runs:
            platform.await_run(run)
        assert platform.count() == before + ROWS

    def heal(self, platform: Platform) -> None:
        """Nothing lasts."""

    def after(self, platform: Platform) -> None:
        platform.assert_equal_everywhere()


@dataclass(frozen=True)
class TwoSchedulers(RunTwice):
    target: str = "two-schedulers"

    @property
    def effect(self) -> str:
        return "runs a second scheduler for a minute, while two runs with the same seed begin"

    def inject(self, platform: Platform) -> None:
        start_copy(platform, SCHEDULER, OTHER)
        time.sleep(LONG_S)
        super().inject(platform)

    def heal(self, platform: Platform) -> None:
        remove_copy(platform, OTHER)


def faults(services: Services) -> Iterator[Fault]:
    yield RunTwice()
    yield TwoSchedulers()
