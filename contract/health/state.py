"""The three states of a probe."""

from __future__ import annotations

from enum import Enum


class ProbeState(str, Enum):
    """`WARN`: rows still arrive, but somebody should act. `FAIL`: rows do not arrive."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
