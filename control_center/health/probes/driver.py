"""The streaming driver: does exactly one driver run, and is it of the deployed release?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from contract.health.details.driver import DriverDetails
from contract.health.result import ProbeResult
from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)
from contract.stream.driver_status import DriverState, DriverStatus
from contract.stream.releases import STATUS
from control_center.clients.clients import Clients
from control_center.clients.spark_master import MasterState
from control_center.health.outcome import Outcome
from control_center.pipeline import verified

OUTCOME = Outcome("driver", "spark-driver")


def probe(clients: Clients) -> ProbeResult:
    release = clients.settings.release()
    master = clients.spark_master.state()
    return evaluate(master, release, status(clients), verified.at(clients))


def status(clients: Clients) -> DriverStatus | None:
    """The status that the driver reports; None before it has reported."""
    try:
        return DriverStatus.from_json((clients.settings.artifacts / STATUS).read_text())
    except (OSError, ValueError):
        return None


def evaluate(
    master: MasterState,
    release: str | None,
    reported: DriverStatus | None,
    verified_at: datetime | None = None,
) -> ProbeResult:
    """`reported`: the driver's status. `verified_at`: when a comparison last found all stores
    equal.

    The application's name identifies the driver: after the death of its worker the old driver's id
    keeps the state RELAUNCHING for ever.
    """
    streaming = [app for app in master.applications if is_application(app.name)]
    running = [app.name for app in streaming if app.state == SparkState.RUNNING]
    waiting = [app.name for app in streaming if app.state != SparkState.RUNNING]
    details = DriverDetails(
        release=release,
        applications=tuple(running),
        waiting=tuple(waiting),
        drivers={id_: state for id_, state in master.drivers.items() if is_live_driver(state)},
        reported=asdict(reported) if reported else {},
    )
    if release is None:
        return OUTCOME.fail("no release is deployed: make deploy-dags", details)
    expected = application_name(release)
    for name in running:
        if name != expected:
            return OUTCOME.fail(f"{name} runs, but {expected} is deployed", details)
    if len(running) > 1:
        return OUTCOME.fail(f"{len(running)} drivers run {expected}, not 1", details)
    if not running and waiting:
        return OUTCOME.fail(f"{waiting[0]} waits for free cores and memory", details)
    if not running:
        return OUTCOME.fail(
            f"no Spark driver runs {expected}: Airflow's stream_users has to submit one", details
        )
    own = reported if reported and reported.release == release else None
    if own and own.state is DriverState.HALTED:
        return OUTCOME.fail(f"the driver has halted: {own.cause}", details)
    if own and own.state is DriverState.RETRYING:
        return OUTCOME.fail(f"the driver is retrying: {own.cause}", details)
    if warning := _restart_warning(reported, verified_at):
        return OUTCOME.warn(warning, details)
    return OUTCOME.ok(f"one driver runs {expected}", details)


def _restart_warning(reported: DriverStatus | None, verified_at: datetime | None) -> str | None:
    """A warning until a comparison has found all stores equal: the topic may have lost messages
    before the driver read them. None if no message can be missing."""
    restart = reported.restart if reported else None
    if restart is None:
        return None
    if verified_at and verified_at > datetime.fromisoformat(restart.at):
        return None
    return (
        f"{restart.cause}, so the driver read the topic from its beginning at {restart.at}. "
        "Rows may be missing in Cassandra: make repair"
    )
