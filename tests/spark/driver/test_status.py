"""The driver reports its state and each table's to the artifacts store."""

from __future__ import annotations

from pathlib import Path

import pytest
from riada_stream.driver.status import StatusReporter
from riada_stream.settings import Settings

from contract.stream.driver_status import (
    DriverState,
    DriverStatus,
    Restart,
    TableState,
    TableStatus,
)

RESTART = Restart("2026-11-22T20:47:00+00:00", "topic users was created again")


class Driver:
    def __init__(self, folder: Path) -> None:
        self.settings = Settings("r1", "j1", driver_id="driver-1", artifacts=folder)
        self.reporter = StatusReporter(self.settings)

    def read(self) -> DriverStatus:
        return DriverStatus.from_json(self.settings.status_file.read_text())


@pytest.fixture
def driver(tmp_path: Path) -> Driver:
    return Driver(tmp_path)


def test_each_table_has_its_state_cause_and_restart(driver: Driver) -> None:
    driver.reporter.report_table("orders", TableState.HALTED, "poison", RESTART)
    driver.reporter.report_table("users", TableState.RUNNING)
    status = driver.read()
    assert (status.release, status.job, status.driver_id) == ("r1", "j1", "driver-1")
    since = status.tables["orders"].since
    assert status.tables["orders"] == TableStatus(TableState.HALTED, since, "poison", RESTART)
    assert (status.state, status.cause) == (DriverState.RUNNING, None), "users runs"
    driver.reporter.forget_table("orders")
    assert driver.read().tables.keys() == {"users"}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], DriverState.RUNNING),
        ([TableState.STARTING] * 2, DriverState.STARTING),
        ([TableState.RETRYING] * 2, DriverState.RETRYING),
        ([TableState.HALTED] * 2, DriverState.HALTED),
        ([TableState.HALTED, TableState.RUNNING], DriverState.RUNNING),
    ],
)
def test_the_drivers_state_follows_from_the_tables(
    driver: Driver, states: list[TableState], expected: DriverState
) -> None:
    for number, state in enumerate(states):
        driver.reporter.report_table(f"t{number}", state, "why")
    driver.reporter.report()
    assert driver.read().state is expected


def test_the_state_that_the_driver_ends_with_stays(driver: Driver) -> None:
    driver.reporter.report(DriverState.STOPPED, "why")
    driver.reporter.report_table("users", TableState.RUNNING)
    assert (driver.read().state, driver.read().cause) == (DriverState.STOPPED, "why")


def test_a_release_is_reported_together_with_the_tables_that_it_starts(driver: Driver) -> None:
    """A reader waits until every table of the release runs."""
    driver.reporter.report_table("users", TableState.RUNNING)
    driver.reporter.report_table("orders", TableState.RUNNING)
    driver.reporter.take_over("r2", ["orders", "new"])
    status = driver.read()
    assert status.release == "r2"
    assert {name: table.state for name, table in status.tables.items()} == {
        "users": TableState.RUNNING,
        "orders": TableState.STARTING,
        "new": TableState.STARTING,
    }


def test_a_state_that_is_reported_again_has_the_time_when_it_began(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.reporter.report_table("users", TableState.HALTED, "why")
    before = driver.read()
    monkeypatch.setattr("contract.stream.driver_status._now", lambda: "later")
    driver.reporter.report_table("users", TableState.HALTED, "why")
    driver.reporter.report()
    assert driver.read() == before
    driver.reporter.report_table("users", TableState.HALTED, "another cause")
    assert driver.read().tables["users"].since == "later"
