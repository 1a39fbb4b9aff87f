"""The streaming driver: does exactly one driver run, is it of the deployed release, and does the
query of each table run?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from contract.health.details.driver import DriverDetails, TableQuery
from contract.health.result import ProbeResult
from contract.stream import deployed
from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)
from contract.stream.dags import STREAM
from contract.stream.driver_status import DriverState, DriverStatus, TableState, TableStatus
from contract.stream.releases import STATUS
from control_center.clients.clients import Clients
from control_center.clients.spark_master import MasterState
from control_center.health.by_table import Finding, fail, ok, summarize, tables, warn
from control_center.health.outcome import Outcome
from control_center.pipeline import verified

OUTCOME = Outcome("driver", "spark-driver")


def probe(clients: Clients) -> ProbeResult:
    release = clients.settings.release()
    job = job_of(clients, release) if release else ""
    verified_at = {name: verified.at(clients, table) for name, table in clients.tables().items()}
    return evaluate(clients.spark_master.state(), release, job, status(clients), verified_at)


def job_of(clients: Clients, release: str) -> str:
    """The hash of the release's streaming job; "" while the store changes."""
    try:
        return deployed.job_of(clients.settings.artifacts, release)
    except OSError:
        return ""


def status(clients: Clients) -> DriverStatus | None:
    """The status that the driver reports; None before it has reported."""
    try:
        return DriverStatus.from_json((clients.settings.artifacts / STATUS).read_text())
    except (OSError, ValueError):
        return None


def evaluate(
    master: MasterState,
    release: str | None,
    job: str,
    reported: DriverStatus | None,
    verified_at: Mapping[str, datetime | None],
) -> ProbeResult:
    """`job`: the hash of the deployed release's streaming job. `reported`: the driver's status.
    `verified_at`: name of each deployed table → when a comparison last found all its stores equal.

    The application's name identifies the driver: after the death of its worker the old driver's id
    keeps the state RELAUNCHING for ever.
    """
    own = reported if reported and job and reported.job == job else None
    streaming = [app for app in master.applications if is_application(app.name)]
    running = [app.name for app in streaming if app.state == SparkState.RUNNING]
    waiting = [app.name for app in streaming if app.state != SparkState.RUNNING]
    queries = {name: own.tables.get(name) if own else None for name in verified_at}
    details = DriverDetails(
        release=release,
        job=job,
        applications=tuple(running),
        waiting=tuple(waiting),
        drivers={id_: state for id_, state in master.drivers.items() if is_live_driver(state)},
        reported=asdict(reported) if reported else {},
        tables={name: _query(table, verified_at[name]) for name, table in queries.items()},
    )
    if release is None:
        return OUTCOME.fail("no release is deployed: make deploy-dags", details)
    expected = application_name(job)
    for name in running:
        if name != expected:
            return OUTCOME.fail(f"{name} runs, but {expected} is deployed", details)
    if len(running) > 1:
        return OUTCOME.fail(f"{len(running)} drivers run {expected}, not 1", details)
    if not running and waiting:
        return OUTCOME.fail(f"{waiting[0]} waits for free cores and memory", details)
    if not running:
        return OUTCOME.fail(
            f"no Spark driver runs {expected}: Airflow's {STREAM} has to submit one", details
        )
    if own and not any(table.cause for table in own.tables.values()):
        if own.state is DriverState.HALTED:
            return OUTCOME.fail(f"the driver has halted: {own.cause}", details)
        if own.state is DriverState.RETRYING:
            return OUTCOME.fail(f"the driver is retrying: {own.cause}", details)
    findings = {
        name: evaluate_table(name, table, own is not None, verified_at[name])
        for name, table in queries.items()
    }
    summary = f"one driver runs {expected} with {tables(len(findings))}"
    return summarize(OUTCOME, findings, summary, details)


def evaluate_table(
    name: str, table: TableStatus | None, reports: bool, verified_at: datetime | None
) -> Finding:
    """`table`: the query as the driver reports it; `reports`: the driver has reported its status.
    A driver that has just begun reports nothing yet."""
    if table is None:
        return warn("is not read by the driver yet") if reports else ok()
    if table.state is TableState.HALTED:
        return fail(f"halted: {table.cause}")
    if table.state is TableState.RETRYING:
        return fail(f"is retrying: {table.cause}")
    return _restart_warning(name, table, verified_at) or ok()


def _query(table: TableStatus | None, verified_at: datetime | None) -> TableQuery:
    if table is None:
        return TableQuery("")
    unverified = _is_unverified(table, verified_at)
    return TableQuery(table.state.value, table.since, table.cause, unverified)


def _is_unverified(table: TableStatus, verified_at: datetime | None) -> bool:
    """Has no comparison found all stores equal since the query began at the topic's beginning?"""
    if table.restart is None:
        return False
    return verified_at is None or verified_at <= datetime.fromisoformat(table.restart.at)


def _restart_warning(name: str, table: TableStatus, verified_at: datetime | None) -> Finding | None:
    """A warning until a comparison has found all stores equal: the topic may have lost messages
    before the driver read them. None if no message can be missing."""
    restart = table.restart
    if restart is None or not _is_unverified(table, verified_at):
        return None
    return warn(
        f"was read from the topic's beginning at {restart.at}, because {restart.cause}. Rows may "
        f"be missing in Cassandra: make repair TABLE={name}"
    )
