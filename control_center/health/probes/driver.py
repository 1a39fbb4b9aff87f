"""The streaming driver: does exactly one run, of the deployed release?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from contract.errors import UnreachableError
from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)
from contract.stream.driver_status import FILE, DriverState, DriverStatus
from control_center.clients.clients import Clients
from control_center.health.result import ProbeResult, ProbeState
from control_center.pipeline import verified

NAME = "driver"
COMPONENT = "spark-driver"


def probe(clients: Clients) -> ProbeResult:
    release = clients.settings.release()
    try:
        master = clients.http.json(f"{clients.settings.spark_master_ui}/json/")
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component)
    return evaluate(master, release, status(clients), verified.at(clients))


def status(clients: Clients) -> DriverStatus | None:
    """What the driver reports about itself; None while it has not reported."""
    try:
        return DriverStatus.from_json((clients.settings.artifacts / FILE).read_text())
    except (OSError, ValueError):
        return None


def evaluate(
    master: dict[str, Any],
    release: str | None,
    reported: DriverStatus | None,
    verified_at: datetime | None = None,
) -> ProbeResult:
    """`master`: its /json/; `reported`: the driver's status; `verified_at`: when a
    comparison last found all equal.

    The application's name identifies the driver: after a worker's death the old driver's id keeps
    the state RELAUNCHING for ever.
    """
    running = [
        app["name"]
        for app in master["activeapps"]
        if is_application(app["name"]) and app["state"] == SparkState.RUNNING
    ]
    waiting = [
        app["name"]
        for app in master["activeapps"]
        if is_application(app["name"]) and app["state"] != SparkState.RUNNING
    ]
    evidence = {
        "release": release,
        "applications": running,
        "says": asdict(reported) if reported else {},
        "waiting": waiting,
        "drivers": {
            driver["id"]: driver["state"]
            for driver in master["activedrivers"]
            if is_live_driver(driver["state"])
        },
    }
    if release is None:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            "no release is deployed: make deploy-dags",
            COMPONENT,
            evidence,
        )
    wanted = application_name(release)
    others = [name for name in running if name != wanted]
    if others:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{others[0]} runs, deployed is {wanted}",
            COMPONENT,
            evidence,
        )
    if len(running) > 1:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{len(running)} drivers run {wanted}, not 1",
            COMPONENT,
            evidence,
        )
    if not running and waiting:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{waiting[0]} waits for free cores and memory",
            COMPONENT,
            evidence,
        )
    if not running:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"no Spark driver runs {wanted}: Airflow's stream_users has to submit one",
            COMPONENT,
            evidence,
        )
    own = reported if reported and reported.release == release else None
    if own and own.state is DriverState.HALTED:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the driver has halted: {own.cause}",
            COMPONENT,
            evidence,
        )
    if own and own.state is DriverState.RETRYING:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the driver tries again: {own.cause}",
            COMPONENT,
            evidence,
        )
    if cause := _restarted(reported, verified_at):
        return ProbeResult(NAME, ProbeState.WARN, cause, COMPONENT, evidence)
    return ProbeResult(NAME, ProbeState.OK, f"one driver runs {wanted}", COMPONENT, evidence)


def _restarted(reported: DriverStatus | None, verified_at: datetime | None) -> str | None:
    """What the topic lost before the driver read it may be missing, until a comparison is equal."""
    restart = reported.restart if reported else None
    if not restart:
        return None
    at = datetime.fromisoformat(restart.at)
    if verified_at and verified_at > at:
        return None
    return (
        f"{restart.cause}, so the driver read the topic from its beginning at {restart.at}. "
        "Rows may be missing in Cassandra: make repair"
    )
