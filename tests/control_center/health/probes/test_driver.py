"""The streaming driver: exactly one, of the deployed job, and the query of each table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contract.health.details.driver import DriverDetails, TableQuery
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.stream.driver_status import (
    DriverState,
    DriverStatus,
    Restart,
    TableState,
    TableStatus,
)
from control_center.clients.spark_master import Application, MasterState
from control_center.health.probes.driver import evaluate

BEGAN = "2026-11-26T09:00:00+00:00"
CAUSE = "Cassandra takes no row"


def master(*apps: tuple[str, str], drivers: dict[str, str] | None = None) -> MasterState:
    applications = tuple(Application(name, state, 3) for name, state in apps)
    return MasterState("ALIVE", (), applications, drivers or {})


RUNNING = master(("stream-j0b", "RUNNING"))


def query(
    state: TableState = TableState.RUNNING, cause: str | None = None, restart: Restart | None = None
) -> TableStatus:
    return TableStatus(state, BEGAN, cause, restart)


def report(
    state: DriverState = DriverState.RUNNING, cause: str | None = None, **tables: TableStatus
) -> DriverStatus:
    return DriverStatus(state, "abc", "driver-1", BEGAN, cause, "j0b", tables)


def probed(
    reported: DriverStatus | None, verified_at: datetime | None = None, *names: str
) -> ProbeResult:
    """The result when the driver of the deployed job runs, for the tables `names`."""
    verified = dict.fromkeys(names or ("orders", "users"), verified_at)
    return evaluate(RUNNING, "abc", "j0b", reported, verified)


@pytest.mark.parametrize(
    ("apps", "release", "state", "summary"),
    [
        ([("stream-j0b", "RUNNING")], "abc", ProbeState.OK, "runs stream-j0b with 2 tables"),
        ([], "abc", ProbeState.FAIL, "no Spark driver runs stream-j0b: Airflow's stream_tables"),
        ([("stream-old", "RUNNING")], "abc", ProbeState.FAIL, "stream-old runs, but stream-j"),
        ([("stream-j0b", "RUNNING")] * 2, "abc", ProbeState.FAIL, "2 drivers run"),
        ([("stream-j0b", "WAITING")], "abc", ProbeState.FAIL, "waits for free cores"),
        ([("other", "RUNNING")], "abc", ProbeState.FAIL, "no Spark driver runs stream-j0b"),
        ([("stream-j0b", "RUNNING")], None, ProbeState.FAIL, "no release is deployed"),
    ],
)
def test_exactly_one_driver_of_the_job(
    apps: list[tuple[str, str]], release: str | None, state: ProbeState, summary: str
) -> None:
    tables = {"orders": None, "users": None}
    result = evaluate(master(*apps), release, "j0b", None, tables)
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
def test_a_query_that_read_its_topic_from_the_beginning(
    verified_at: datetime | None, state: ProbeState
) -> None:
    """The result is a warning until a comparison has found all stores equal."""
    restart = Restart(BEGAN, "topic riada.public.users was created")
    result = probed(report(users=query(restart=restart)), verified_at, "users")
    assert result.state is state
    assert ("make repair TABLE=users" in result.summary) == (state is ProbeState.WARN)


@pytest.mark.parametrize(
    ("state", "summary"),
    [
        (DriverState.RETRYING, f"the driver is retrying: {CAUSE}"),
        (DriverState.HALTED, f"the driver has halted: {CAUSE}"),
    ],
)
def test_a_driver_that_reports_a_fault_names_its_cause(state: DriverState, summary: str) -> None:
    reported = report(state, CAUSE)
    result = probed(reported)
    assert (result.state, result.summary) == (ProbeState.FAIL, summary)
    other = evaluate(master(("stream-new", "RUNNING")), "new", "new", reported, {"users": None})
    assert other.state is ProbeState.OK, "the report is of another job"


def test_the_only_table_is_named() -> None:
    reported = report(DriverState.HALTED, CAUSE, users=query(TableState.HALTED, CAUSE))
    result = probed(reported)
    assert (result.state, result.summary) == (ProbeState.FAIL, f"users halted: {CAUSE}")


@pytest.mark.parametrize(
    ("state", "summary"),
    [
        (TableState.HALTED, f"orders halted: {CAUSE}; 1 other table delivers"),
        (TableState.RETRYING, f"orders is retrying: {CAUSE}; 1 other table delivers"),
    ],
)
def test_one_faulty_table_is_named_and_the_others_are_counted(
    state: TableState, summary: str
) -> None:
    result = probed(report(orders=query(state, CAUSE), users=query()))
    assert (result.state, result.summary) == (ProbeState.FAIL, summary)
    assert isinstance(result.details, DriverDetails)
    assert result.details.tables == {
        "orders": TableQuery(state.value, BEGAN, CAUSE),
        "users": TableQuery("running", BEGAN, None),
    }


def test_a_table_that_the_driver_does_not_read_yet() -> None:
    result = probed(report(users=query()))
    assert result.state is ProbeState.WARN
    assert result.summary == "orders is not read by the driver yet; 1 other table delivers"


def test_no_table_is_deployed() -> None:
    result = evaluate(RUNNING, "abc", "j0b", report(), {})
    assert (result.state, result.summary) == (
        ProbeState.OK,
        "no table is deployed: make deploy-dags",
    )


def test_an_old_driver_that_relaunches_for_ever_is_not_counted() -> None:
    drivers = {"driver-1": "RELAUNCHING", "driver-2": "RUNNING"}
    apps = master(("stream-j0b", "RUNNING"), drivers=drivers)
    result = evaluate(apps, "abc", "j0b", None, {"users": None})
    assert isinstance(result.details, DriverDetails)
    assert result.details.drivers == {"driver-2": "RUNNING"}
