"""Files of a table's checkpoint are lost or empty when the driver starts again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tests.faults.nemesis.fault import Fault, Promise, Services
from tests.harness.platform import Platform
from tests.harness.workload.table import NAME

WORKER, DRIVER = "spark-worker-1", "DriverWrapper"
# $1: the folder of a table; the newest generation's file names are numbers.
_NEWEST = """
generation=$(ls -d "$1"/*-* | sort | tail -1)
newest() { find "$generation/$1" -maxdepth 1 -name '[0-9]*' -printf '%f\\n' | sort -n | tail -1; }
"""
_DAMAGES: Mapping[str, str] = {
    "newest-commit-lost": 'rm "$generation/commits/$(newest commits)"',
    "newest-commit-empty": ': >"$generation/commits/$(newest commits)"',
    "newest-offsets-empty": ': >"$generation/offsets/$(newest offsets)"',
}


@dataclass(frozen=True)
class CheckpointDamaged(Fault):
    """The driver is killed beside it: what a loss of power may leave."""

    family: ClassVar[str] = "checkpoint"
    not_proven: ClassVar[str] = "a checkpoint on S3 (tests/aws/test_checkpoint.py)"

    @property
    def effect(self) -> str:
        return f"{self.target.replace('-', ' ')} in a table's checkpoint, and SIGKILL of the driver"

    def inject(self, platform: Platform) -> None:
        assert platform.kill(WORKER, DRIVER, "STOP")
        script = f"set -euo pipefail; {_NEWEST} {_DAMAGES[self.target]}"
        platform.run_in(WORKER, "bash", "-c", script, "bash", f"/checkpoint/{NAME}")
        assert platform.kill(WORKER, DRIVER)

    def heal(self, platform: Platform) -> None:
        """The worker starts the driver again."""


def faults(services: Services) -> Iterator[Fault]:
    yield CheckpointDamaged("newest-commit-lost")
    for name in ("newest-commit-empty", "newest-offsets-empty"):
        yield CheckpointDamaged(
            name, promise=Promise.HALTS, cause="checkpoint", remedy="make repair"
        )
