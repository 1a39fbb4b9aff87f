"""The lines that a job's process prints to standard output: one JSON object per line.

Any number of progress lines, then one result or one error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """A line for people to read."""

    text: str

    def to_line(self) -> str:
        return json.dumps({"progress": self.text})


@dataclass(frozen=True)
class Result:
    """The job's result as its `to_json` returns it."""

    result: Mapping[str, Any]

    def to_line(self) -> str:
        return json.dumps({"result": self.result}, default=str)


@dataclass(frozen=True)
class Error:
    """The job broke; the text names the component and the cause."""

    error: str

    def to_line(self) -> str:
        return json.dumps({"error": self.error})


Line = Progress | Result | Error


def from_line(text: str) -> Line:
    """The line's content; raises ValueError for a line that does not follow the protocol."""
    data = json.loads(text)
    match data:
        case {"progress": str(progress)}:
            return Progress(progress)
        case {"result": dict(result)}:
            return Result(result)
        case {"error": str(error)}:
            return Error(error)
    raise ValueError(f"not a line of a job: {text.strip()[:80]}")
