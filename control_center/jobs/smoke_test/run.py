"""The smoke test from the first probe to the last check."""

from __future__ import annotations

import secrets

from contract.errors import UnreachableError
from contract.health.diagnosis import Diagnosis
from contract.jobs.smoke_test import SmokeTestRequest, SmokeTestResult
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health import probes
from control_center.health.diagnosis import diagnose
from control_center.health.runner import Runner
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test import source
from control_center.jobs.smoke_test.checks import CheckFailedError, Checks
from control_center.jobs.smoke_test.end_state import EndState
from control_center.jobs.smoke_test.follow import STALL_S, Follower
from control_center.jobs.smoke_test.stages import PAGE, Stages


def smoke_test(request: SmokeTestRequest) -> SmokeTestResult:
    """The result names a stage that failed and a component that did not answer."""
    clients = Clients(Settings.load({"PATIENCE": request.patience}))
    checks, seed = Checks(), request.seed or f"smoke-{secrets.token_hex(6)}"
    diagnosis: Diagnosis | None = None
    try:
        _run(clients, checks, seed, request.people)
    except CheckFailedError as error:
        diagnosis = error.diagnosis
        job_protocol.progress(f"failed: {diagnosis}")
    except UnreachableError as error:
        unreachable = Diagnosis(error.component, error.component, error.cause)
        diagnosis = diagnose(probes.runner(clients).run()) or unreachable
        job_protocol.progress(f"aborted: {diagnosis}")
    return SmokeTestResult(
        ok=diagnosis is None,
        people=request.people,
        seed=seed,
        patience=request.patience,
        took_s=job_protocol.elapsed_s(),
        checks=tuple(checks.rows),
        diagnosis=diagnosis,
    )


def _run(clients: Clients, checks: Checks, seed: str, count: int) -> None:
    runner = probes.runner(clients)
    follower = Follower(runner, STALL_S * clients.settings.patience)
    _check_probes(runner, checks)
    people = _fetch(clients, checks, seed, count)
    stages = Stages(clients, checks, follower, people)
    stages.postgres(seed, count)
    stages.topic()
    stages.cassandra()
    EndState(clients, checks, runner, follower).check()


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


def _fetch(clients: Clients, checks: Checks, seed: str, count: int) -> source.SourcePeople:
    job_protocol.progress(f"source: requesting {count:,} people of seed {seed}")
    people = source.fetch(clients, seed, count, PAGE)
    received = len(people.people)
    checks.add(
        "source",
        received + people.refused + people.repeated == count,
        f"{received:,} people, {people.refused} do not fit a row, "
        f"{people.repeated} came more than once",
        Diagnosis("randomuser", "randomuser", f"returned {received:,} people, not {count:,}"),
    )
    return people
