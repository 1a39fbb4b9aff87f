"""The output of commands: stages with elapsed time, tables, JSON when JSON=1, errors with a
remedy. Commands that it names are printed as they must be typed (typed.py)."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from cli.host.errors import CliError
from cli.host.typed import as_typed
from contract.errors import ComponentError

_STARTED = time.monotonic()


def wants_json() -> bool:
    return os.environ.get("JSON", "") not in ("", "0")


def progress(text: str) -> None:
    """One line with the seconds since the command began; on stderr when stdout is for JSON."""
    stream = sys.stderr if wants_json() else sys.stdout
    print(f"[{time.monotonic() - _STARTED:6.1f} s] {as_typed(text)}", file=stream, flush=True)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Print the begin of a stage, and its duration at its end."""
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
    cells = [[as_typed(str(cell)) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def show(text: str) -> None:
    print(as_typed(text), flush=True)


def emit(value: object, text: str) -> None:
    """Print `value` as one JSON object when JSON=1, `text` otherwise."""
    if wants_json():
        print(json.dumps(value), flush=True)
    else:
        show(text)


def print_error(error: ComponentError) -> None:
    """The error and its remedy on stderr, and as one JSON object on stdout when JSON=1."""
    if wants_json():
        report = {
            "ok": False,
            "code": error.code.value,
            "component": error.component,
            "error": as_typed(str(error)),
            "remedy": as_typed(error.remedy),
            **(error.details if isinstance(error, CliError) else {}),
        }
        print(json.dumps(report), flush=True)
    print(f"error: {as_typed(str(error))}", file=sys.stderr)
    if error.remedy:
        print(f"remedy: {as_typed(error.remedy)}", file=sys.stderr)


def run(command: Callable[[], int]) -> None:
    """Run a command and exit with its code; 1 after a ComponentError, 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal's encoding may lack "…"
            stream.reconfigure(errors="replace")
    try:
        sys.exit(command())
    except ComponentError as error:
        print_error(error)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped; the same command again continues from here", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
