"""Two tables in one driver: what happens to one leaves the other running."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from riada_stream.driver.control import Control
from riada_stream.driver.shared import Shared
from riada_stream.driver.stream import Stream
from riada_stream.driver.table_worker import TableWorker
from riada_stream.runtime.halt import HaltError
from riada_stream.runtime.watchdog import Watchdog
from riada_stream.sink.batch_writer import BatchWriter

from contract.stream.driver_status import DriverState, TableState
from contract.table.table import Table
from tests.spark.driver.in_memory_driver import Driver, InMemoryQuery
from tests.spark.samples import ORDERS, USERS


def failing(error: Exception) -> Callable[[BatchWriter, Watchdog], None]:
    def fail(_writer: BatchWriter, _watchdog: Watchdog) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (HaltError("a column is unknown"), TableState.HALTED),
        (RuntimeError("failed"), TableState.RETRYING),
    ],
)
def test_a_table_that_halts_or_fails_leaves_the_other_running(
    driver: Driver, error: Exception, state: TableState
) -> None:
    """Two tables in one driver, each with its thread."""
    orders = InMemoryQuery(failing(error))
    users = InMemoryQuery(lambda *_: time.sleep(0.01))

    def worker(table: Table, query: InMemoryQuery) -> TableWorker:
        def new_stream(table: Table, shared: Shared, control: Control) -> Stream:
            return Stream(table, shared, control, lambda *_: driver.cassandra, query.start)

        return TableWorker(table, driver.shared, new_stream)

    driver.status.report()
    workers = [worker(ORDERS, orders), worker(USERS, users)]
    until = time.monotonic() + 20
    while time.monotonic() < until:
        tables = driver.reported().tables
        if {name: table.state for name, table in tables.items()} == {
            "orders": state,
            "users": TableState.RUNNING,
        }:
            break
        time.sleep(0.05)
    assert (tables["orders"].state, tables["users"].state) == (state, TableState.RUNNING)
    assert str(error) in (tables["orders"].cause or "")
    assert driver.reported().state is DriverState.RUNNING
    assert not users.is_stopped
    for running in workers:
        running.stop()
        running.join(20)
        assert not running.is_alive()
    assert users.is_stopped
