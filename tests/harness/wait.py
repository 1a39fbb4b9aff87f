"""Waiting for a state that the platform reaches by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(
    check: Callable[[], T | None], description: str, limit_s: float = 180, pause_s: float = 1
) -> T:
    """Call `check` until it returns a true value, and return that value.

    Raises AssertionError after `limit_s`, with the last value or exception of `check`.
    """
    deadline = time.monotonic() + limit_s
    last: object = None
    while time.monotonic() < deadline:
        try:
            value = check()
            if value:
                return value
            last = value
        except Exception as error:  # a service that is down fails in many ways
            last = repr(error)
        time.sleep(pause_s)
    raise AssertionError(f"not within {limit_s:.0f} s: {description}; last seen: {last}")
