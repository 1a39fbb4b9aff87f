"""Waits until the cluster runs exactly the application and the driver of a release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cli.clients.http import NoResponseError, call
from cli.host.errors import CliError
from cli.host.poll import poll_until
from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)

STREAM_LIMIT_S = 180


def wait_for_driver(
    master: str, release: str, ask: Callable[[str, str], Any] = call
) -> dict[str, str]:
    """The release's application and driver (`app`, `driver`), once only they run.

    `master` is the URL of Spark's master; raises CliError after 180 s.
    """
    application = application_name(release)
    seen = "nothing yet"

    def attempt() -> dict[str, str] | None:
        nonlocal seen
        try:
            apps, drivers = on_cluster(ask("GET", f"{master}/json/"))
        except NoResponseError as error:
            seen = error.cause
            return None
        if apps == [f"{application} {SparkState.RUNNING.value}"] and len(drivers) == 1:
            return {"app": application, "driver": drivers[0]}
        seen = f"applications {', '.join(apps) or 'none'}; drivers {', '.join(drivers) or 'none'}"
        return None

    driver = poll_until(
        attempt,
        STREAM_LIMIT_S,
        report=lambda: f"  waiting for the driver of release {release}: {seen}",
    )
    if driver is None:
        raise CliError(
            f"after {STREAM_LIMIT_S} s the cluster does not run exactly release {release}: {seen}",
            "see the log of the DAG stream_users in Airflow; then make deploy-dags",
        )
    return driver


def on_cluster(state: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Streaming applications ("name STATE") and live drivers, from the master's /json/."""
    apps = [
        f"{app['name']} {app['state']}"
        for app in state["activeapps"]
        if is_application(app["name"])
    ]
    drivers = [driver["id"] for driver in state["activedrivers"] if is_live_driver(driver["state"])]
    return apps, drivers
