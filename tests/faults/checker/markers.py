"""How far Cassandra is: rows of which each step of the workload changes one, in turn."""

from __future__ import annotations

import time

from contract.stores.cassandra import table as cassandra
from contract.table.table import Table
from tests.harness.platform import Platform
from tests.harness.wait import eventually
from tests.harness.workload.model import MARKERS

PAUSE_S = 0.5
# Markers of so many steps are in every partition of the topic.
WINDOW = 32


class Markers:
    def __init__(self, platform: Platform, table: Table) -> None:
        self._platform = platform
        self._query = f"SELECT step FROM {cassandra.qualified(table)} WHERE id IN "

    def missing(self, step: int) -> int:
        """How many of the WINDOW steps up to `step` are not in Cassandra. Raises what the driver of
        Cassandra raises."""
        steps = range(max(0, step - WINDOW + 1), step + 1)
        keys = ", ".join(str(-1 - each % MARKERS) for each in steps)
        with self._platform.cassandra() as session:
            stored = [row.step for row in session.execute(f"{self._query}({keys})")]
        return len(steps) - len([each for each in stored if each >= steps.start])

    def await_steps(self, step: int, limit_s: float) -> float:
        """Wait until `step` and those before it are in Cassandra; returns the seconds."""
        began = time.monotonic()

        def arrived() -> bool:
            missing = self.missing(step)
            assert missing == 0, f"{missing} of the {WINDOW} steps up to {step} are not there"
            return True

        eventually(arrived, f"step {step} is in Cassandra", limit_s, PAUSE_S)
        return time.monotonic() - began
