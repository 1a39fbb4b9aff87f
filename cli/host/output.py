"""What commands print: stages with elapsed time, tables, JSON when JSON=1, errors with a remedy."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

_began = time.monotonic()


class Fault(Exception):
    """What went wrong (`cause`) and what mends it (`remedy`): ends a command with exit code 1."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy


def wants_json() -> bool:
    return os.environ.get("JSON", "") not in ("", "0")


def progress(text: str) -> None:
    """One line with the seconds since the command began; on stderr when stdout is for JSON."""
    stream = sys.stderr if wants_json() else sys.stdout
    print(f"[{time.monotonic() - _began:6.1f} s] {text}", file=stream, flush=True)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Announce a stage, and how long it took once it is done."""
    progress(f"{name} …")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        progress(f"{name}: stopped after {time.monotonic() - began:.1f} s")
        raise
    progress(f"{name}: done in {time.monotonic() - began:.1f} s")


def table(rows: Sequence[Sequence[object]], header: Sequence[str]) -> str:
    """Rows as aligned text, the last column unpadded."""
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def emit(value: object, text: str) -> None:
    """Print `value` as one JSON object when JSON=1, `text` otherwise."""
    print(json.dumps(value) if wants_json() else text, flush=True)


def run(command: Callable[[], int | None]) -> None:
    """Run a command's main function and exit: 1 on a Fault, 130 on Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know no "…"
            stream.reconfigure(errors="replace")
    try:
        sys.exit(command() or 0)
    except Fault as fault:
        if wants_json():
            print(json.dumps({"ok": False, "error": fault.cause, "remedy": fault.remedy}))
        print(f"error: {fault.cause}", file=sys.stderr)
        if fault.remedy:
            print(f"remedy: {fault.remedy}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped; the same command again continues from here", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
