"""A job's side of contract.jobs.protocol: its request from stdin, its lines to stdout."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from contract.errors import ComponentError
from contract.jobs.protocol import Error, Line, Progress, Result
from contract.json_record import JsonRecord

Request = TypeVar("Request", bound=JsonRecord)

STOPPED = 128 + signal.SIGTERM  # exit code

_began = time.monotonic()


def progress(text: str) -> None:
    """Prints one line of progress with the seconds since the job began."""
    _print(Progress(f"[{time.monotonic() - _began:6.1f} s] {text}"))


def elapsed_s() -> float:
    """Seconds since the job began."""
    return round(time.monotonic() - _began, 1)


def run(request: type[Request], job: Callable[[Request], JsonRecord]) -> None:
    """Runs the job with the request that stdin holds as JSON, and prints its result, or the error
    that it raises. Raises the error again, so that its trace is on stderr and the exit code is
    1. SIGTERM ends the job by SystemExit, so that its `finally` blocks run."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    try:
        result = job(request.from_json(json.loads(sys.stdin.read() or "{}")))
    except Exception as error:
        _print(Error(_text(error)))
        raise
    _print(Result(result.to_json()))


def _text(error: Exception) -> str:
    if isinstance(error, ComponentError) and error.remedy:
        return f"{error}. {error.remedy}"
    return str(error) or type(error).__name__


def _print(line: Line) -> None:
    print(line.to_line(), flush=True)
