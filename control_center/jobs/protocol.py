"""What a job tells its parent: one JSON object a line on stdout, read by `jobs.runner`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

_began = time.monotonic()


def progress(text: str) -> None:
    """One line of progress with the seconds since the job began."""
    _send({"progress": f"[{time.monotonic() - _began:6.1f} s] {text}"})


def elapsed_s() -> float:
    return round(time.monotonic() - _began, 1)


def run(job: Callable[..., dict[str, Any]]) -> None:
    """Calls the job with the JSON object on stdin as keywords, sends what it returns."""
    arguments = json.loads(sys.stdin.read() or "{}")
    _send({"result": job(**arguments)})


def _send(line: dict[str, Any]) -> None:
    print(json.dumps(line, default=str), flush=True)
