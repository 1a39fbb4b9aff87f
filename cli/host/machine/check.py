"""The result of `make doctor` for a property of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class CheckState(str, Enum):
    PASS = "pass"
    WARN = "warn"  # works with a restriction, or `make up` fixes it
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """`measured` beside `required`; `remedy` is empty only for a check that passes."""

    name: str
    state: CheckState
    measured: str
    required: str
    remedy: str = ""


def required(name: str, ok: bool, measured: str, requirement: str, remedy: str) -> Check:
    """A check that passes or fails."""
    state = CheckState.PASS if ok else CheckState.FAIL
    return Check(name, state, measured, requirement, "" if ok else remedy)
