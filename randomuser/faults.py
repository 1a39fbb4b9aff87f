"""Faults for tests: the next `times` answers are wrong, late or missing."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from typing import Any

KINDS = (
    *("status_429", "status_503", "timeout", "half_json"),
    *("repeat_person", "change_type", "no_people", "no_login"),
)


@dataclass
class Fault:
    """A kind of KINDS and its parameters.

    status_429 and status_503 send `retry_after` (seconds); timeout waits `seconds`; half_json cuts
    the body; repeat_person makes the last person equal to the first; change_type makes a list of
    `field` in the first person; no_people empties the batch; no_login removes all `login`s.
    """

    kind: str
    times: int = 1
    retry_after: int = 2
    seconds: float = 60
    field: str = "location.street.number"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind: {self.kind!r} is not one of {', '.join(KINDS)}")

    def take(self) -> bool:
        """Count an answer; returns whether it gets the fault."""
        self.times -= 1
        return self.times >= 0


def before(fault: Fault) -> tuple[int, dict[str, str]] | None:
    """Status and headers of the answer instead of people; None for an answer with people."""
    if fault.kind == "timeout":
        time.sleep(fault.seconds)
    if fault.kind not in ("status_429", "status_503"):
        return None
    return int(fault.kind[-3:]), {"Retry-After": str(fault.retry_after)}


def spoil_people(fault: Fault, people: list[dict[str, Any]]) -> None:
    """Change the people of an answer in place."""
    if fault.kind == "repeat_person" and len(people) > 1:
        people[-1] = people[0]
    if fault.kind == "no_people":
        people.clear()
    if fault.kind == "no_login":
        people[:] = [{key: person[key] for key in person if key != "login"} for person in people]
    if fault.kind == "change_type" and people:
        *parents, name = fault.field.split(".")
        target = people[0] = copy.deepcopy(people[0])  # people share objects of the word lists
        for parent in parents:
            target = target[parent]
        target[name] = [target[name]]


def spoil_body(fault: Fault, body: bytes) -> bytes:
    return body[: len(body) // 2] if fault.kind == "half_json" else body
