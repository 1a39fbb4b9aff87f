"""How far Cassandra is: rows of which each step of the workload changes one, in turn."""

from __future__ import annotations

import time

from contract.stores.cassandra import table as cassandra
from contract.table.table import Table
from tests.harness.platform import Platform
from tests.harness.wait import eventually
from tests.harness.workload.model import MARKERS

PAUSE_S = 0.5


class Markers:
    def __init__(self, platform: Platform, table: Table) -> None:
        self._platform = platform
        keys = ", ".join(str(-1 - number) for number in range(MARKERS))
        self._query = f"SELECT step FROM {cassandra.qualified(table)} WHERE id IN ({keys})"

    def delivered(self) -> int:
        """All changes of markers up to this step are in Cassandra; -1 for none. Raises what the
        driver of Cassandra raises."""
        with self._platform.cassandra() as session:
            steps = sorted(row.step for row in session.execute(self._query))
        return int(steps[0]) + MARKERS - 1 if len(steps) == MARKERS else -1

    def await_steps(self, step: int, limit_s: float) -> float:
        """Wait until `step` and all before it are in Cassandra; returns the seconds."""
        began = time.monotonic()

        def arrived() -> bool:
            delivered = self.delivered()
            assert delivered >= step, f"step {delivered} is in Cassandra"
            return True

        eventually(arrived, f"step {step} is in Cassandra", limit_s, PAUSE_S)
        return time.monotonic() - began
