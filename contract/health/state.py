"""The three states of a probe."""

from __future__ import annotations

from enum import Enum


class ProbeState(str, Enum):
    """`WARN`: people still arrive, but somebody should act. `FAIL`: people do not arrive."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
