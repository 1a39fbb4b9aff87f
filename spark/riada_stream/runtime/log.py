"""Lines for people, on stderr."""

from __future__ import annotations

import sys
from datetime import datetime, timezone


def log(message: str) -> None:
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(f"{now} riada: {message}", file=sys.stderr, flush=True)


def one_line(error: BaseException) -> str:
    """The cause in one line: the innermost of a JVM's or Python's chain of causes."""
    lines = [line.strip() for line in str(error).splitlines()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    text = causes[-1] if causes else next((line for line in lines if line), type(error).__name__)
    return f"{type(error).__name__}: {text}"[:500]
