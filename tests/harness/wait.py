"""Waiting for what must come by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], what: str, limit_s: float = 180, pause_s: float = 1) -> T:
    """Call `look` until it returns something true; its last answer or error is told otherwise."""
    deadline = time.monotonic() + limit_s
    last: object = None
    while time.monotonic() < deadline:
        try:
            found = look()
            if found:
                return found
            last = found
        except Exception as error:  # an engine that is away answers in many ways
            last = repr(error)
        time.sleep(pause_s)
    raise AssertionError(f"not within {limit_s:.0f} s: {what}; last seen: {last}")
