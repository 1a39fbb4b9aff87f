"""The driver ends for another program and a newer driver, and for nothing that one table does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from riada_stream.driver.attempts import BACKOFF_S
from riada_stream.driver.job import Job
from riada_stream.driver.table_workers import TableWorkers

from contract.stream.driver_status import DriverState
from contract.table.table import Table
from tests.spark.driver.test_table_workers import InMemoryWorker
from tests.spark.in_memory import InMemoryStatus
from tests.spark.samples import ORDERS, USERS


class Driver:
    """After each poll `on_poll` runs, with the number of the poll. The job ends at the latest after
    20 polls, when another program is deployed."""

    def __init__(self, on_poll: Callable[[Driver, int], None]) -> None:
        self.on_poll = on_poll
        self.polls = 0
        self.tables: Mapping[str, Table] = {"users": USERS}
        self.release = "r1"
        self.is_superseded = self.is_broken = self.is_newer = False
        self.stored: Mapping[str, str] | None = None
        self.workers: list[InMemoryWorker] = []
        self.status = InMemoryStatus()

    def poll(self) -> bool:
        self.polls += 1
        self.on_poll(self, self.polls)
        self.is_superseded |= self.polls == 20
        return self.polls in (1, 5)

    def has_begun(self) -> bool:
        return self.is_newer

    def ids(self) -> Mapping[str, str] | None:
        return self.stored

    def run(self) -> int:
        def start(table: Table) -> InMemoryWorker:
            self.workers.append(InMemoryWorker(table))
            return self.workers[-1]

        workers = TableWorkers(start, lambda _: None)
        return Job(
            self, self.status, workers, self, self, lambda: self.is_broken, lambda _: None
        ).run()


def test_another_program_ends_the_driver() -> None:
    def deploy(driver: Driver, poll: int) -> None:
        driver.is_superseded = poll == 3

    driver = Driver(deploy)
    assert (driver.run(), driver.polls) == (0, 3)
    assert driver.workers[0].calls == ["stop", "join"]
    assert driver.status.reports[-1] == (DriverState.STOPPED, None)


def test_a_newer_driver_ends_this_one_and_reports_its_own_status() -> None:
    def begin(driver: Driver, poll: int) -> None:
        driver.is_newer = poll == 3

    driver = Driver(begin)
    assert (driver.run(), driver.polls) == (0, 3)
    assert DriverState.STOPPED not in [state for state, _ in driver.status.reports]


def test_tables_of_a_later_release_are_taken() -> None:
    def deploy(driver: Driver, poll: int) -> None:
        if poll == 5:
            driver.tables, driver.release = {"users": USERS, "orders": ORDERS}, "r2"

    driver = Driver(deploy)
    assert driver.run() == 0
    assert [worker.table.name for worker in driver.workers] == ["users", "orders"]
    assert driver.status.taken == [("r1", ["users"]), ("r1", ["users"]), ("r2", ["orders"])]


def test_a_dropped_table_restarts_its_stream() -> None:
    def drop(driver: Driver, poll: int) -> None:
        if poll == 2:
            driver.workers[0].stored_table, driver.stored = "id-1", {"users": "id-2"}
        elif poll == 3:
            driver.stored = None

    driver = Driver(drop)
    driver.run()
    assert driver.workers[0].calls == ["restart", "stop", "join"]


def test_the_driver_exits_when_every_table_fails_or_spark_has_ended() -> None:
    def fail(driver: Driver, poll: int) -> None:
        if poll == 4:
            driver.workers[0].failures = len(BACKOFF_S)

    def break_spark(driver: Driver, poll: int) -> None:
        driver.is_broken = poll == 4

    for happens in (fail, break_spark):
        driver = Driver(happens)
        assert (driver.run(), driver.polls) == (1, 4)
        assert driver.status.reports[-1][0] is DriverState.RETRYING
