"""The streaming driver: exactly one, of the deployed release, that reports no fault."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contract.health.details.driver import DriverDetails
from contract.health.state import ProbeState
from contract.stream.driver_status import DriverState, DriverStatus, Restart
from control_center.clients.spark_master import Application, MasterState
from control_center.health.probes.driver import evaluate


def master(*apps: tuple[str, str], drivers: dict[str, str] | None = None) -> MasterState:
    applications = tuple(Application(name, state, 3) for name, state in apps)
    return MasterState("ALIVE", (), applications, drivers or {})


RUNNING = master(("users-abc", "RUNNING"))


def report(
    state: DriverState, cause: str | None = None, restart: Restart | None = None
) -> DriverStatus:
    return DriverStatus(state, "abc", "driver-1", "2026-11-26T09:00:00+00:00", cause, restart)


@pytest.mark.parametrize(
    ("apps", "release", "state", "summary"),
    [
        ([("users-abc", "RUNNING")], "abc", ProbeState.OK, "one driver runs users-abc"),
        ([], "abc", ProbeState.FAIL, "no Spark driver runs users-abc"),
        ([("users-old", "RUNNING")], "abc", ProbeState.FAIL, "users-old runs, but users-a"),
        ([("users-abc", "RUNNING")] * 2, "abc", ProbeState.FAIL, "2 drivers run"),
        ([("users-abc", "WAITING")], "abc", ProbeState.FAIL, "waits for free cores"),
        ([("other", "RUNNING")], "abc", ProbeState.FAIL, "no Spark driver runs users-abc"),
        ([("users-abc", "RUNNING")], None, ProbeState.FAIL, "no release is deployed"),
    ],
)
def test_exactly_one_driver_of_the_release(
    apps: list[tuple[str, str]], release: str | None, state: ProbeState, summary: str
) -> None:
    result = evaluate(master(*apps), release, None)
    assert result.state is state
    assert summary in result.summary


@pytest.mark.parametrize(
    ("verified_at", "state"),
    [
        (None, ProbeState.WARN),
        (datetime(2026, 11, 26, 8, 59, tzinfo=UTC), ProbeState.WARN),
        (datetime(2026, 11, 26, 9, 1, tzinfo=UTC), ProbeState.OK),
    ],
)
def test_a_driver_that_read_the_topic_from_its_beginning(
    verified_at: datetime | None, state: ProbeState
) -> None:
    """The result is a warning until a comparison has found all stores equal."""
    restart = Restart("2026-11-26T09:00:00+00:00", "topic riada.public.users was created")
    reported = report(DriverState.RUNNING, restart=restart)
    result = evaluate(RUNNING, "abc", reported, verified_at)
    assert result.state is state
    assert ("make repair" in result.summary) == (state is ProbeState.WARN)


@pytest.mark.parametrize(
    ("state", "summary"),
    [
        (DriverState.RETRYING, "the driver is retrying: Cassandra takes no row"),
        (DriverState.HALTED, "the driver has halted: Cassandra takes no row"),
    ],
)
def test_a_driver_that_reports_a_fault_names_its_cause(state: DriverState, summary: str) -> None:
    reported = report(state, "Cassandra takes no row")
    result = evaluate(RUNNING, "abc", reported)
    assert (result.state, result.summary) == (ProbeState.FAIL, summary)
    other_release = evaluate(master(("users-new", "RUNNING")), "new", reported)
    assert other_release.state is ProbeState.OK, "the report is of another release"


def test_an_old_driver_that_relaunches_for_ever_is_not_counted() -> None:
    drivers = {"driver-1": "RELAUNCHING", "driver-2": "RUNNING"}
    result = evaluate(master(("users-abc", "RUNNING"), drivers=drivers), "abc", None)
    assert isinstance(result.details, DriverDetails)
    assert result.details.drivers == {"driver-2": "RUNNING"}
