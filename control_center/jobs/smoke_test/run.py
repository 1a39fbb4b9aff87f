"""The smoke test from the first probe to the last check."""

from __future__ import annotations

import secrets

from contract.errors import UnreachableError
from contract.health.diagnosis import Diagnosis
from contract.jobs.smoke_test import SmokeTestRequest, SmokeTestResult
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health import probes
from control_center.health.diagnosis import diagnose
from control_center.health.runner import Runner
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test import from_table
from control_center.jobs.smoke_test.checks import CheckFailedError, Checks
from control_center.jobs.smoke_test.end_state import EndState
from control_center.jobs.smoke_test.follow import STALL_S, Follower
from control_center.jobs.smoke_test.from_source import SourceStage
from control_center.jobs.smoke_test.source import is_repeatable
from control_center.jobs.smoke_test.stages import Stages


def smoke_test(request: SmokeTestRequest) -> SmokeTestResult:
    """The result names a stage that failed and a component that did not answer. Raises
    NotFoundError for a table that is not deployed."""
    clients = Clients(Settings.load({"PATIENCE": request.patience}), only=request.table)
    table, checks = clients.table(request.table), Checks()
    seed = request.seed or f"smoke-{secrets.token_hex(6)}"
    diagnosis: Diagnosis | None = None
    try:
        _run(clients, table, checks, seed, request.rows)
    except CheckFailedError as error:
        diagnosis = error.diagnosis
        job_protocol.progress(f"failed: {diagnosis}")
    except UnreachableError as error:
        unreachable = Diagnosis(error.component, error.component, error.cause)
        diagnosis = diagnose(probes.runner(clients).run()) or unreachable
        job_protocol.progress(f"aborted: {diagnosis}")
    return SmokeTestResult(
        table=table.name,
        ok=diagnosis is None,
        rows=request.rows,
        seed=seed if table.source and is_repeatable(table.source) else "",
        patience=request.patience,
        took_s=job_protocol.elapsed_s(),
        checks=tuple(checks.rows),
        diagnosis=diagnosis,
    )


def _run(clients: Clients, table: Table, checks: Checks, seed: str, count: int) -> None:
    runner = probes.runner(clients)
    follower = Follower(runner, STALL_S * clients.settings.patience)
    _check_probes(runner, checks)
    if table.source:
        followed = SourceStage(clients, table, checks, follower).follow(seed, count)
    else:
        followed = from_table.follow(clients, table, checks, count)
    if followed.rows:
        stages = Stages(clients, table, checks, follower, followed)
        stages.topic()
        stages.cassandra()
    EndState(clients, table, checks, runner, follower).check()


def _check_probes(runner: Runner, checks: Checks) -> None:
    results = runner.run()
    diagnosis = diagnose(results)
    checks.add(
        "every component answers",
        diagnosis is None,
        str(diagnosis or f"{len(results)} probes"),
        diagnosis or Diagnosis("", "", ""),
        probes=[result.to_json() for result in results],
    )
