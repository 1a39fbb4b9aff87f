"""The check of other PostgreSQL servers, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cli.clients import control_center
from cli.clients.http import ResponseError
from cli.host.errors import CliError
from cli.host.machine.check import CheckState
from cli.installations.local import Installation
from contract.jobs.databases import CheckRequest, CheckResult, DatabaseCheck
from contract.table.paths import FOLDER

_LIMIT_S = 120.0  # each server may use up its own limit


def check(installation: Installation, files: Mapping[str, str]) -> CheckResult | None:
    """None if the platform does not run. Raises CliError."""
    request = CheckRequest(files).to_json()
    try:
        answer = control_center.ask(
            installation, "POST", "/api/databases/check", request, timeout_s=_LIMIT_S
        )
    except ResponseError as error:
        if error.status == 404:
            raise CliError(
                "cannot check databases, because the platform is of another release",
                "make up brings it to this one",
                control_center.SERVICE,
            ) from None
        raise
    except CliError:
        return None
    return control_center.decoded(CheckResult.from_json, answer)


def text(result: CheckResult) -> str:
    """A paragraph for each database and each file that cannot be used."""
    faults = [
        f"{FOLDER}/{path}\n{_line(CheckState.FAIL, cause, '')}"
        for path, cause in result.faults.items()
    ]
    return "\n\n".join([*faults, *(_text(*item) for item in result.databases.items())])


def _text(name: str, database: DatabaseCheck) -> str:
    return "\n".join(_lines(name, database))


def _lines(name: str, database: DatabaseCheck) -> Iterator[str]:
    version = f": PostgreSQL {database.version}" if database.version else ""
    yield f"database {name}" + (f" at {database.address}" if database.address else "") + version
    for problem in database.problems:
        yield _line(CheckState.FAIL, problem.cause, problem.remedy)
    for warning in database.warnings:
        yield _line(CheckState.WARN, warning, "")
    if database.ok:
        yield _line(CheckState.PASS, "everything that capture needs is there", "")
    if database.statements:
        yield f"  missing in {name}; run it there with psql as a superuser, on RDS as its master:"
        yield f"\n{database.statements.strip()}"


def _line(state: CheckState, cause: str, remedy: str) -> str:
    line = f"  {state.value}  {cause}"
    return f"{line}\n        {remedy}" if remedy else line
