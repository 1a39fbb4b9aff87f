"""After a fault: is everything delivered, and is it what the seed gives?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from contract.table.table import Table
from tests.faults.checker.markers import Markers
from tests.faults.checker.verdict import Verdict, compare, expected_rows
from tests.harness.equality import Rows, in_cassandra, in_postgres
from tests.harness.platform import Platform
from tests.harness.wait import eventually
from tests.harness.workload.process import Workload

DELIVERY_LIMIT_S = 300
# Rows of the last step may lie in another batch than its marker.
LAST_BATCHES_S = 30


@contextmanager
def delivered(platform: Platform, workload: Workload, table: Table) -> Iterator[Rows]:
    """The rows that the seed gives, while the workload is paused and its last step is delivered."""
    workload.pause()
    try:
        model = workload.expected()
        Markers(platform, table).await_steps(model.steps - 1, DELIVERY_LIMIT_S)
        yield expected_rows(model, table)
    finally:
        workload.resume()


def check(platform: Platform, workload: Workload, table: Table) -> Verdict:
    """Compare both stores with the rows that the seed gives. The platform's own comparison must
    have the same result."""
    with delivered(platform, workload, table) as expected:
        verdict = stores(platform, table, expected)
        if verdict.is_clean:
            platform.assert_equal_everywhere(table.name)
        return verdict


def stores(platform: Platform, table: Table, expected: Rows) -> Verdict:
    """The verdict on both stores. Differences count once they are the same LAST_BATCHES_S later."""
    last = _stores(platform, table, expected)

    def settled() -> bool:
        nonlocal last
        before, last = last, _stores(platform, table, expected)
        return last.is_clean or last == before

    if not last.is_clean:
        time.sleep(LAST_BATCHES_S)
        eventually(settled, "the stores settle", LAST_BATCHES_S * 4, LAST_BATCHES_S)
    return last


def _stores(platform: Platform, table: Table, expected: Rows) -> Verdict:
    return compare("PostgreSQL", expected, in_postgres(platform, table)) + compare(
        "Cassandra", expected, in_cassandra(platform, table)
    )
