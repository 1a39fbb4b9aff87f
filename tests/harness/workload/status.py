"""What the process of the workload reports."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Status:
    """`steps` are done, with `changes` of rows. `added_from`: the step from which the added column
    has values."""

    steps: int = 0
    changes: int = 0
    paused: bool = False
    added_from: int | None = None
    reconnections: int = 0
    last_error: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Status:
        return cls(**json.loads(text))
