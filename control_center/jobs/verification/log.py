"""The log of the process that verifies: lines on stderr, the container's log."""

from __future__ import annotations

import sys


def log(text: str) -> None:
    print(f"verification: {text}", file=sys.stderr, flush=True)
