"""A table that is added, changed or removed leaves the others alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from riada_stream.driver.table_workers import TableWorkers

from contract.table.table import Table
from tests.spark.samples import ORDERS, USERS


@dataclass
class InMemoryWorker:
    """It ends when the test says so."""

    table: Table
    failures: int = 0
    stored_table: str | None = None
    alive: bool = True
    calls: list[str] = field(default_factory=list)

    def is_alive(self) -> bool:
        return self.alive

    def stop(self) -> None:
        self.calls.append("stop")

    def restart(self) -> None:
        self.calls.append("restart")

    def join(self, timeout_s: float) -> None:
        self.calls.append("join")


class Driver:
    def __init__(self) -> None:
        self.started: list[InMemoryWorker] = []
        self.forgotten: list[str] = []
        self.workers = TableWorkers(self._start, self.forgotten.append)

    def _start(self, table: Table) -> InMemoryWorker:
        self.started.append(InMemoryWorker(table))
        return self.started[-1]

    def deploy(self, *tables: Table) -> None:
        self.workers.reconcile({table.name: table for table in tables})


def test_a_new_table_starts_while_others_run() -> None:
    driver = Driver()
    driver.deploy(USERS)
    driver.deploy(USERS, ORDERS)
    driver.deploy(USERS, ORDERS)
    assert [worker.table for worker in driver.started] == [USERS, ORDERS]
    assert driver.started[0].calls == []


def test_a_removed_table_ends_after_its_batch_and_is_forgotten() -> None:
    driver = Driver()
    driver.deploy(USERS, ORDERS)
    users, orders = driver.started
    driver.deploy(USERS)
    assert (orders.calls, driver.forgotten) == (["stop"], [])
    orders.alive = False
    driver.deploy(USERS)
    assert (driver.forgotten, users.calls) == (["orders"], [])
    assert driver.workers.by_table.keys() == {"users"}


def test_a_changed_table_starts_again_when_its_worker_has_ended() -> None:
    driver = Driver()
    driver.deploy(USERS, ORDERS)
    changed = replace(ORDERS, not_delivered=frozenset({"other"}))
    driver.deploy(USERS, changed)
    assert len(driver.started) == 2, "the first worker still writes its batch"
    driver.started[1].alive = False
    driver.deploy(USERS, changed)
    assert [worker.table for worker in driver.started] == [USERS, ORDERS, changed]
    assert (driver.started[0].calls, driver.forgotten) == ([], [])


def test_a_table_that_is_removed_and_added_again_starts_again() -> None:
    driver = Driver()
    driver.deploy(ORDERS)
    driver.deploy()
    driver.started[0].alive = False
    driver.deploy(ORDERS)
    assert len(driver.started) == 2


def test_only_a_dropped_table_restarts() -> None:
    driver = Driver()
    driver.deploy(USERS, ORDERS)
    users, orders = driver.started
    driver.workers.restart_lost({})
    assert (users.calls, orders.calls) == ([], []), "they have not found their tables yet"
    users.stored_table, orders.stored_table = "id-1", "id-2"
    driver.workers.restart_lost({"users": "id-1"})
    driver.workers.restart_lost({"users": "id-1", "orders": "id-3"})
    assert (users.calls, orders.calls) == ([], ["restart"] * 2)


def test_one_table_that_fails_does_not_end_the_driver() -> None:
    driver = Driver()
    assert not driver.workers.have_failed(10), "there is no table"
    driver.deploy(USERS, ORDERS)
    driver.started[0].failures = 30
    assert not driver.workers.have_failed(10)
    driver.started[1].failures = 10
    assert driver.workers.have_failed(10)


def test_all_workers_end_together() -> None:
    driver = Driver()
    driver.deploy(USERS, ORDERS)
    driver.workers.stop()
    assert [worker.calls for worker in driver.started] == [["stop", "join"]] * 2
