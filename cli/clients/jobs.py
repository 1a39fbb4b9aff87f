"""Runs a long job of the Control Center: starts it, prints its progress and returns its result."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from cli.clients import control_center
from cli.clients.http import NoResponseError, ResponseError
from cli.host.errors import CliError
from cli.host.output import progress
from cli.host.poll import poll_until
from cli.installations.local import Installation
from contract.errors import ErrorCode
from contract.jobs.job import JobFailure, JobKind, JobState, JobStatus
from contract.json_record import JsonRecord

R = TypeVar("R")

# The number of requests for the job's state that may fail in a row: the Control Center may be busy.
_MISSES = 20


class BusyError(CliError):
    """Another job runs already."""

    code = ErrorCode.BUSY


class JobError(CliError):
    """The job itself failed; a fault of the platform is a result, not an error."""


def run(
    installation: Installation,
    kind: JobKind,
    request: JsonRecord,
    read: Callable[[Mapping[str, Any]], R],
) -> R:
    """The job's result, which `read` makes from its JSON; raises BusyError and JobError. Prints the
    progress."""
    path = f"/api/{kind.value}"
    try:
        started = control_center.ask(installation, "POST", path, request.to_json())
    except ResponseError as error:
        if error.status == 409:
            raise BusyError(error.cause, error.remedy, control_center.SERVICE) from None
        raise
    job = _Job(installation, f"{path}/{started['id']}")
    status = poll_until(job.ended, math.inf, interval_s=0.5)
    assert status is not None and status.result is not None
    if status.state is JobState.FAILED:
        failure = control_center.decoded(JobFailure.from_json, status.result)
        cause = f"{kind.value} broke: {failure.error}"
        raise JobError(cause, "make logs S=control-center", control_center.SERVICE)
    return control_center.decoded(read, status.result)


class _Job:
    """Requests the lines since the last answer, and prints them."""

    def __init__(self, installation: Installation, path: str) -> None:
        self._installation, self._path = installation, path
        self._next, self._misses = 0, 0

    def ended(self) -> JobStatus | None:
        """The job's state when it has ended."""
        path = f"{self._path}?since={self._next}"
        try:
            answer = control_center.ask(self._installation, "GET", path, timeout_s=15)
        except NoResponseError:
            self._misses += 1
            if self._misses > _MISSES:
                raise
            return None
        status = control_center.decoded(JobStatus.from_json, answer)
        self._misses, self._next = 0, status.next
        for line in status.progress:
            progress(line.split("] ", 1)[-1])
        return None if status.state is JobState.RUNNING else status
