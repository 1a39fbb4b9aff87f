"""A deploy ends when exactly the release's application and one driver are live, and every table of
the release runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cli.clients.http import NoResponseError
from cli.deploy.driver import (
    FINAL_S,
    STREAM_LIMIT_S,
    Pending,
    ProbeReports,
    not_running,
    on_cluster,
    wait_for_driver,
)
from cli.deploy.release import Release
from cli.host.errors import CliError
from cli.installations.local import Installation
from contract.health.details.postgres import PostgresDetails, PostgresTable
from contract.stream.driver_status import DriverState, DriverStatus, TableState, TableStatus
from tests.cli.clock import Clock
from tests.cli.server import Answer, JsonServer

RELEASE = Release(
    {
        "dags/a.py": b'RELEASE = "unreleased"\n',
        "spark/main.py": b"",
        "tables/orders.toml": b"",
        "tables/users.toml": b"",
    }
)
NAME = f"stream-{RELEASE.job}"
APP = {"name": NAME, "state": "RUNNING"}
DRIVER = {"id": "driver-2", "state": "RUNNING"}
RUNNING = TableStatus(TableState.RUNNING, "12:00:00")
STARTING = TableStatus(TableState.STARTING, "12:00:00")
HALTED = TableStatus(TableState.HALTED, "12:00:00", "99 of 100 messages are dead letters")
STATUS = DriverStatus(
    DriverState.RUNNING,
    RELEASE.name,
    "driver-2",
    "12:00:00",
    job=RELEASE.job,
    tables={"orders": RUNNING, "users": RUNNING},
)


def cluster(
    apps: list[dict[str, str]] | None = None, drivers: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    return {"activeapps": apps or [], "activedrivers": drivers or []}


class Platform:
    """Answers of Spark's master, and statuses of the driver, in order; the last ones are
    repeated."""

    def __init__(self, answers: list[object], statuses: list[DriverStatus | None]) -> None:
        self.answers, self.statuses = answers, statuses
        self.refused: list[dict[str, Pending] | None] = [{}]
        self.urls: list[str] = []

    def ask(self, method: str, url: str) -> Any:
        self.urls.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def driver(self) -> DriverStatus | None:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def postgres(self) -> dict[str, Pending] | None:
        return self.refused.pop(0) if len(self.refused) > 1 else self.refused[0]

    def wait(self) -> dict[str, str]:
        return wait_for_driver("http://master", RELEASE, self, self.ask)


def test_it_ends_with_application_and_driver(clock: Clock) -> None:
    platform = Platform(
        [
            NoResponseError("http://master/json/ does not answer"),
            cluster([{"name": "stream-j1", "state": "RUNNING"}], [DRIVER]),
            cluster([{"name": "stream-j1", "state": "RUNNING"}, APP], [DRIVER]),
            cluster([APP | {"state": "WAITING"}], [DRIVER]),
            cluster([APP], [DRIVER, {"id": "driver-1", "state": "RUNNING"}]),
            cluster([APP]),
            cluster([APP], [DRIVER, {"id": "driver-1", "state": "KILLED"}]),
        ],
        [STATUS],
    )
    assert platform.wait() == {"app": NAME, "driver": "driver-2"}
    assert clock.now == 6
    assert set(platform.urls) == {"http://master/json/"}


def test_it_waits_until_every_table_of_the_release_runs(clock: Clock) -> None:
    platform = Platform(
        [cluster([APP], [DRIVER])],
        [
            None,
            replace(STATUS, release="before"),
            replace(STATUS, job="before"),
            replace(STATUS, state=DriverState.STARTING),
            replace(STATUS, tables={"users": RUNNING}),
            replace(STATUS, tables={"users": RUNNING, "orders": STARTING}),
            STATUS,
        ],
    )
    platform.wait()
    assert clock.now == 6


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (cluster(), "applications none; drivers none"),
        (cluster([APP | {"name": "stream-j1"}], [DRIVER]), "stream-j1 RUNNING; drivers driver-2"),
        (NoResponseError("http://master/json/ does not answer"), "does not answer"),
    ],
)
def test_after_its_limit_it_names_the_running_drivers(
    answer: object, expected: str, clock: Clock
) -> None:
    with pytest.raises(CliError) as raised:
        Platform([answer], [STATUS]).wait()
    assert f"after {STREAM_LIMIT_S} s the cluster does not run exactly release" in str(raised.value)
    assert expected in raised.value.cause
    assert "stream_tables" in raised.value.remedy


def test_after_its_limit_it_names_the_table_that_does_not_start(clock: Clock) -> None:
    tables = {"users": RUNNING, "orders": replace(STARTING, cause="cassandra-1 does not answer")}
    with pytest.raises(CliError, match="orders is starting: cassandra-1 does not answer"):
        Platform([cluster([APP], [DRIVER])], [replace(STATUS, tables=tables)]).wait()


def test_a_table_that_stays_halted_ends_it_soon(clock: Clock) -> None:
    tables = {"users": RUNNING, "orders": HALTED}
    with pytest.raises(CliError, match="orders is halted: 99 of 100 messages") as raised:
        Platform([cluster([APP], [DRIVER])], [replace(STATUS, tables=tables)]).wait()
    assert clock.now == FINAL_S
    assert "make status" in raised.value.remedy


def test_it_waits_until_postgresql_delivers_every_table(clock: Clock) -> None:
    platform = Platform([cluster([APP], [DRIVER])], [STATUS])
    waiting = Pending("is not prepared in PostgreSQL yet")
    platform.refused = [None, {"orders": waiting}, {"of another release": waiting}]
    platform.wait()
    assert clock.now == 2


def test_a_table_that_postgresql_refuses_is_named(clock: Clock) -> None:
    platform = Platform([cluster([APP], [DRIVER])], [STATUS])
    platform.refused = [{"orders": Pending("is refused by PostgreSQL: no column city", True)}]
    with pytest.raises(CliError, match="orders is refused by PostgreSQL: no column city"):
        platform.wait()
    assert clock.now == FINAL_S


def test_a_table_that_was_halted_may_run_again(clock: Clock) -> None:
    tables = {"users": RUNNING, "orders": HALTED}
    halted = replace(STATUS, tables=tables)
    Platform([cluster([APP], [DRIVER])], [halted, halted, STATUS]).wait()
    assert clock.now == 2


def test_a_halted_driver_ends_it_at_once(clock: Clock) -> None:
    status = replace(STATUS, state=DriverState.HALTED, cause="the checkpoint is unreadable")
    with pytest.raises(CliError, match="the checkpoint is unreadable"):
        Platform([cluster([APP], [DRIVER])], [status]).wait()
    assert clock.now == 0


def test_other_applications_and_dead_drivers_do_not_count() -> None:
    drivers = [{"id": state, "state": state} for state in ("RUNNING", "RELAUNCHING", "FINISHED")]
    state = cluster([APP, {"name": "PySparkShell", "state": "RUNNING"}], drivers)
    assert on_cluster(state) == ([f"{NAME} RUNNING"], ["RUNNING"])


def test_tables_of_other_releases_do_not_count() -> None:
    status = replace(STATUS, tables=dict(STATUS.tables) | {"removed": HALTED})
    assert not_running(status, list(RELEASE.tables)) == {}


def test_the_reports_come_from_probes(server: JsonServer, installation: Installation) -> None:
    details = {"reported": {"state": "running", "release": "r1", "driver_id": "d", "since": "t"}}
    server.answers["GET /api/probes/driver"] = [
        Answer({"details": details}),
        Answer({"details": {"reported": {}}}),
        Answer({"details": None}),
        Answer(status=503),
    ]
    reports = ProbeReports(installation)
    status = reports.driver()
    assert status is not None
    assert (status.release, status.state) == ("r1", DriverState.RUNNING)
    assert [reports.driver() for _ in range(3)] == [None, None, None]


def test_the_report_of_postgresql(server: JsonServer, installation: Installation) -> None:
    tables = {
        "orders": PostgresTable(True, applied=False, cause="no column city"),
        "lines": PostgresTable(False, applied=False),
        "users": PostgresTable(True),
    }
    details = PostgresDetails("0/1", "t", 1, 100, "logical", tables)
    server.answers["GET /api/probes/postgres"] = [
        Answer({"details": details.to_json()}),
        Answer({"details": None}),
    ]
    reports = ProbeReports(installation)
    assert reports.postgres() == {
        "orders": Pending("is refused by PostgreSQL: no column city", final=True),
        "lines": Pending("is not prepared in PostgreSQL yet"),
    }
    assert reports.postgres() is None
