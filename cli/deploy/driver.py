"""Waits until the cluster runs exactly the application and the driver of a release, and the driver
every table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cli.clients import control_center
from cli.clients.http import NoResponseError, ResponseError, call
from cli.deploy.release import Release
from cli.host.errors import CliError
from cli.host.poll import poll_until
from cli.installations.local import Installation
from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)
from contract.stream.dags import STREAM
from contract.stream.driver_status import DriverState, DriverStatus, TableState

STREAM_LIMIT_S = 180
# A table that was halted under the release before may run again: the status counts after this time.
HALTED_S = 10
_REMEDY = f"see the log of the DAG {STREAM} in Airflow; then make deploy-dags"


def wait_for_driver(
    master: str,
    release: Release,
    status: Callable[[], DriverStatus | None],
    ask: Callable[[str, str], Any] = call,
) -> dict[str, str]:
    """The release's application and driver (`app`, `driver`), once only they run, with each table
    of the release.

    `master` is the URL of Spark's master, `status` returns what the driver reports about itself.
    Raises CliError after 180 s, or for a table that is halted.
    """
    wait = _Wait(master, release, status, ask)
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
        self,
        master: str,
        release: Release,
        status: Callable[[], DriverStatus | None],
        ask: Callable[[str, str], Any],
    ) -> None:
        self.seen = "nothing yet"
        self._master, self._release, self._status, self._ask = master, release, status, ask
        self._halted = 0

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
        status = self._status()
        if status is None or (status.release, status.job) != (
            self._release.name,
            self._release.job,
        ):
            running = f"release {status.release}" if status else "no release"
            self.seen = f"the driver reports {running}"
            return False
        if status.state is DriverState.HALTED:
            raise CliError(f"the driver is halted: {status.cause}", "make status", "spark-driver")
        waiting = not_running(status, list(self._release.tables))
        self.seen = "; ".join(f"{name} {words}" for name, words in waiting.items())
        halted = [
            name
            for name in waiting
            if name in status.tables and status.tables[name].state is TableState.HALTED
        ]
        self._halted = self._halted + 1 if halted and len(halted) == len(waiting) else 0
        if self._halted > HALTED_S:
            raise CliError(
                f"release {self._release.name} is deployed, but not every table runs: {self.seen}",
                "make status names the remedy; then make deploy-dags",
                "spark-driver",
            )
        return not waiting and status.state is DriverState.RUNNING


def not_running(status: DriverStatus, tables: Sequence[str]) -> dict[str, str]:
    """Table → its state and cause, in words, for each that does not run."""
    result = {}
    for name in tables:
        table = status.tables.get(name)
        if table is None:
            result[name] = "is not started yet"
        elif table.state is not TableState.RUNNING:
            cause = f": {table.cause}" if table.cause else ""
            result[name] = f"is {table.state.value}{cause}"
    return result


def reported(installation: Installation) -> DriverStatus | None:
    """What the driver reports about itself; None while there is no report, or while the Control
    Center does not answer."""
    try:
        answer = control_center.ask(installation, "GET", "/api/probes/driver", timeout_s=15)
    except (NoResponseError, ResponseError):
        return None
    details = answer.get("details") or {}
    try:
        return DriverStatus.from_json(json.dumps(details.get("reported") or None))
    except ValueError:
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
