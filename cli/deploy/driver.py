"""Waits until the cluster runs exactly the application and the driver of a release, and the driver
every table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cli.clients import control_center
from cli.clients.http import NoResponseError, ResponseError, call
from cli.deploy.release import Release
from cli.host.errors import CliError
from cli.host.poll import poll_until
from cli.installations.local import Installation
from contract.health.details.postgres import PostgresDetails
from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)
from contract.stream.dags import STREAM
from contract.stream.driver_status import DriverState, DriverStatus, TableState

STREAM_LIMIT_S = 180
# A table that was halted under the release before may run again: its state counts after this time.
FINAL_S = 10
_REMEDY = f"see the log of the DAG {STREAM} in Airflow; then make deploy-dags"


@dataclass(frozen=True)
class Pending:
    """Why a table does not run yet, in words; `final`: only a person can remove the cause."""

    words: str
    final: bool = False


class Reports(Protocol):
    """What the driver and PostgreSQL report about the tables, or a stand-in of the unit tests."""

    def driver(self) -> DriverStatus | None:
        """None while there is no report, or while the Control Center does not answer."""

    def postgres(self) -> Mapping[str, Pending] | None:
        """The tables that PostgreSQL does not deliver yet; None as above."""


def wait_for_driver(
    master: str,
    release: Release,
    reports: Reports,
    ask: Callable[[str, str], Any] = call,
) -> dict[str, str]:
    """The release's application and driver (`app`, `driver`), once only they run, with each table
    of the release. `master` is the URL of Spark's master. Raises CliError after 180 s, or for a
    table that PostgreSQL refuses or whose query is halted."""
    wait = _Wait(master, release, reports, ask)
    driver = poll_until(
        wait.attempt,
        STREAM_LIMIT_S,
        report=lambda: f"  waiting for the driver of release {release.name}: {wait.seen}",
    )
    if driver is None:
        raise CliError(
            f"after {STREAM_LIMIT_S} s the cluster does not run exactly release {release.name}: "
            f"{wait.seen}",
            _REMEDY,
        )
    return driver


class _Wait:
    """`seen`: the last state, in words."""

    def __init__(
        self, master: str, release: Release, reports: Reports, ask: Callable[[str, str], Any]
    ) -> None:
        self.seen = "nothing yet"
        self._master, self._release, self._reports, self._ask = master, release, reports, ask
        self._final = 0

    def attempt(self) -> dict[str, str] | None:
        application = application_name(self._release.job)
        try:
            apps, drivers = on_cluster(self._ask("GET", f"{self._master}/json/"))
        except NoResponseError as error:
            self.seen = error.cause
            return None
        if apps != [f"{application} {SparkState.RUNNING.value}"] or len(drivers) != 1:
            self.seen = (
                f"applications {', '.join(apps) or 'none'}; drivers {', '.join(drivers) or 'none'}"
            )
            return None
        if self._tables_run():
            return {"app": application, "driver": drivers[0]}
        return None

    def _tables_run(self) -> bool:
        status, refused = self._reports.driver(), self._reports.postgres()
        release = self._release
        if status is None or (status.release, status.job) != (release.name, release.job):
            self.seen = f"the driver reports {f'release {status.release}' if status else 'nothing'}"
            return False
        if status.state is DriverState.HALTED:
            raise CliError(f"the driver is halted: {status.cause}", "make status", "spark-driver")
        if refused is None:
            self.seen = "PostgreSQL's report is missing"
            return False
        pending = not_running(status, list(release.tables)) | {
            name: item for name, item in refused.items() if name in release.tables
        }
        self.seen = "; ".join(f"{name} {item.words}" for name, item in pending.items())
        final = bool(pending) and all(item.final for item in pending.values())
        self._final = self._final + 1 if final else 0
        if self._final > FINAL_S:
            raise CliError(
                f"release {release.name} is deployed, but not every table runs: {self.seen}",
                "make status names the remedy; then make deploy-dags",
            )
        return not pending and status.state is DriverState.RUNNING


def not_running(status: DriverStatus, tables: Sequence[str]) -> dict[str, Pending]:
    """The tables whose query does not run."""
    result = {}
    for name in tables:
        table = status.tables.get(name)
        if table is None:
            result[name] = Pending("is not started yet")
        elif table.state is not TableState.RUNNING:
            cause = f": {table.cause}" if table.cause else ""
            final = table.state is TableState.HALTED
            result[name] = Pending(f"is {table.state.value}{cause}", final)
    return result


@dataclass(frozen=True)
class ProbeReports:
    """The reports in the details of the Control Center's probes."""

    installation: Installation

    def driver(self) -> DriverStatus | None:
        details = self._details("driver")
        try:
            return DriverStatus.from_json(json.dumps(details["reported"] or None))
        except (LookupError, TypeError, ValueError):
            return None

    def postgres(self) -> Mapping[str, Pending] | None:
        details = self._details("postgres")
        if details is None:
            return None
        read = control_center.decoded(PostgresDetails.from_json, details)
        return {
            name: Pending(f"is refused by PostgreSQL: {table.cause}", final=True)
            if table.cause
            else Pending("is not prepared in PostgreSQL yet")
            for name, table in read.tables.items()
            if table.cause or not table.applied
        }

    def _details(self, probe: str) -> Any:
        path = f"/api/probes/{probe}"
        try:
            return control_center.ask(self.installation, "GET", path, timeout_s=15).get("details")
        except (NoResponseError, ResponseError):
            return None


def on_cluster(state: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Streaming applications ("name STATE") and live drivers, from the master's /json/."""
    apps = [
        f"{app['name']} {app['state']}"
        for app in state["activeapps"]
        if is_application(app["name"])
    ]
    drivers = [driver["id"] for driver in state["activedrivers"] if is_live_driver(driver["state"])]
    return apps, drivers
