"""Waits until Airflow has parsed every DAG of a release, or activates the previous release
again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cli.deploy.artifacts import Artifacts
from cli.deploy.release import Release
from cli.host.errors import CliError
from cli.host.output import progress
from cli.host.poll import poll_until

PARSE_LIMIT_S = 90
# After this time without an answer, Airflow is made to parse again.
REPEAT_S = 5.0
# Airflow's largest page.
PAGE = 100


class AirflowApi(Protocol):
    """`cli.clients.airflow.Airflow`, or a stand-in of the unit tests."""

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Call a path below /api/v2; returns the decoded JSON."""


@dataclass(frozen=True)
class ImportFailure:
    """The time at which Airflow failed to import a file, and the stack trace."""

    timestamp: str
    trace: str


def parsed(airflow: AirflowApi, release: str) -> dict[str, bool]:
    """DAGs with the release's tag: id → is it paused?"""
    result: dict[str, bool] = {}
    while True:
        query = f"limit={PAGE}&offset={len(result)}&tags=release:{release}"
        dags = airflow.ask("GET", f"/dags?{query}")["dags"]
        result |= {dag["dag_id"]: dag["is_paused"] for dag in dags}
        if len(dags) < PAGE:
            return result


def import_failures(airflow: AirflowApi) -> dict[str, ImportFailure]:
    """The files that Airflow cannot import."""
    errors = airflow.ask("GET", "/importErrors?limit=100")["import_errors"]
    return {
        error["filename"]: ImportFailure(error["timestamp"], error["stack_trace"])
        for error in errors
    }


def parse_or_roll_back(
    airflow: AirflowApi, artifacts: Artifacts, release: Release, previous: str
) -> None:
    """Returns when every DAG has the release's tag; otherwise activates `previous` and raises."""
    try:
        before = import_failures(airflow)
        artifacts.activate(release.name)
        _wait_for_parse(_Parse(airflow, artifacts, release, before))
    except BaseException:
        if previous != release.name:
            artifacts.activate(previous)
            progress(f"rolled back to {f'release {previous}' if previous else 'no release'}")
        raise


def _wait_for_parse(parse: _Parse) -> None:
    if poll_until(parse.attempt, PARSE_LIMIT_S, report=parse.report) is None:
        raise CliError(
            f"Airflow did not parse {parse.missing} of release {parse.release.name} within "
            f"{PARSE_LIMIT_S} s, and reports no import error",
            "compare the ids of the DAGs with contract/stream/dags.py; make logs "
            "S=airflow-dag-processor has the parser's log",
        )


class _Parse:
    """`before`: the import failures before the release was activated; they do not count.

    A failure counts when it is new and occurs twice, because the first parse may have run during
    the activation.
    """

    def __init__(
        self,
        airflow: AirflowApi,
        artifacts: Artifacts,
        release: Release,
        before: Mapping[str, ImportFailure],
    ) -> None:
        self.release = release
        self._airflow, self._artifacts, self._before = airflow, artifacts, before
        self._first: dict[str, str] = {}  # file → timestamp of its first new failure
        self._missing = set(release.dags)
        self._activated = time.monotonic()

    @property
    def missing(self) -> str:
        return ", ".join(sorted(self._missing))

    def report(self) -> str:
        return f"  not parsed yet: {self.missing or 'waiting for an import error to clear'}"

    def attempt(self) -> bool | None:
        """True once Airflow has parsed the release; raises CliError for a DAG that is broken."""
        failures = self._new_failures()
        for file, failure in failures.items():
            if self._first.get(file, failure.timestamp) != failure.timestamp:
                raise CliError(
                    f"Airflow cannot import {file} of release {self.release.name}:\n"
                    f"{failure.trace.rstrip()}",
                    "fix that file, then make deploy-dags",
                )
        first_time = failures.keys() - self._first.keys()
        self._first = {file: item.timestamp for file, item in failures.items()} | self._first
        self._missing = set(self.release.dags) - set(parsed(self._airflow, self.release.name))
        if not self._missing and not failures:
            return True
        if first_time or time.monotonic() - self._activated > REPEAT_S:
            self._artifacts.activate(self.release.name)
            self._activated = time.monotonic()
        return None

    def _new_failures(self) -> dict[str, ImportFailure]:
        failures = import_failures(self._airflow)
        return {file: item for file, item in failures.items() if item != self._before.get(file)}
