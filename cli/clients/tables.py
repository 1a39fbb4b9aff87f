"""The deployed tables, and commands that act on one of them or on all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from cli.clients import control_center, jobs
from cli.clients.jobs import BusyError
from cli.host import output
from cli.host.errors import CliError, SettingError
from cli.host.options import text
from cli.installations import target
from cli.installations.local import Installation
from contract.jobs.job import JobKind
from contract.jobs.tables import TableEntry, TableList
from contract.json_record import JsonRecord


class Result(Protocol):
    """The result of a job on one table."""

    @property
    def ok(self) -> bool: ...

    def to_json(self) -> dict[str, Any]: ...


R = TypeVar("R", bound=Result)


@dataclass(frozen=True)
class TableOptions:
    """The options of a command that acts on tables and takes no others."""

    table: str = text("", "name of one table; by default all tables, one after another")


def deployed(installation: Installation) -> tuple[TableEntry, ...]:
    """The tables of the release that streams, by name; raises CliError before the first deploy."""
    answer = control_center.ask(installation, "GET", "/api/tables")
    tables = control_center.decoded(TableList.from_json, answer).tables
    if not tables:
        raise CliError("no table is deployed", "run make deploy-dags")
    return tables


def chosen(installation: Installation, name: str) -> tuple[TableEntry, ...]:
    """The table of this name, or all tables for "": those with a source first."""
    tables = deployed(installation)
    if not name:
        return tuple(sorted(tables, key=lambda table: (not table.has_source, table.name)))
    named = tuple(table for table in tables if table.name == name)
    if not named:
        names = ", ".join(table.name for table in tables)
        raise SettingError(f"no deployed table is named {name}", f"the tables are {names}")
    return named


def run_job(
    kind: JobKind,
    request: Callable[[str], JsonRecord],
    read: Callable[[Mapping[str, Any]], R],
    report: Callable[[R], str],
    verdict: Callable[[R], str],
    name: str,
) -> int:
    """Run a job of the Control Center on the table of this name, or for "" on each, as run_each()
    does. `request`: name of a table → the job's request; `read` makes the result from its JSON."""
    installation = target.current()

    def run(table: str) -> R:
        return jobs.run(installation, kind, request(table), read)

    return run_each(chosen(installation, name), run, report, verdict, name)


def run_each(
    tables: Sequence[TableEntry],
    run: Callable[[str], R],
    report: Callable[[R], str],
    verdict: Callable[[R], str],
    name: str,
) -> int:
    """Run a job on each table and print its report; returns the exit code. `name` is TABLE: with
    it, the result of the one table is printed, without it those of all tables and a summary. A
    table whose job breaks does not end the others."""
    if name:
        result = run(name)
        output.emit(result.to_json(), report(result))
        return 0 if result.ok else 1
    results: dict[str, R | CliError] = {}
    for table in tables:
        output.progress(f"table {table.name}")
        results[table.name] = _attempt(run, table.name)
        if not output.wants_json():
            output.show(_section(table.name, results[table.name], report))
    ok = all(not isinstance(result, CliError) and result.ok for result in results.values())
    output.emit(
        {"ok": ok, "tables": {table: _json(result) for table, result in results.items()}},
        f"\n{_summary(results, verdict)}",
    )
    return 0 if ok else 1


def _attempt(run: Callable[[str], R], name: str) -> R | CliError:
    try:
        return run(name)
    except BusyError:
        raise
    except CliError as error:
        return error


def _section(name: str, result: R | CliError, report: Callable[[R], str]) -> str:
    text = f"error: {result}" if isinstance(result, CliError) else report(result)
    return f"\n{name}\n\n{text.strip()}"


def _summary(results: Mapping[str, R | CliError], verdict: Callable[[R], str]) -> str:
    rows = [
        (name, "FAIL", str(result))
        if isinstance(result, CliError)
        else (name, "ok" if result.ok else "FAIL", verdict(result))
        for name, result in results.items()
    ]
    return output.table(rows, ("table", "result", "summary"))


def _json(result: Result | CliError) -> dict[str, Any]:
    if isinstance(result, CliError):
        return {
            "ok": False,
            "code": result.code.value,
            "component": result.component,
            "error": str(result),
            "remedy": result.remedy,
        }
    return result.to_json()
