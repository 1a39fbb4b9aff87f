"""The kinds of jobs, and the state of one job as GET /api/<kind>/<id> returns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from contract.json_record import JsonRecord


class JobKind(str, Enum):
    """The value is the path below /api and the name of the command."""

    SMOKE_TEST = "smoke-test"
    COMPARE = "compare"
    REPAIR = "repair"
    REBUILD = "rebuild"
    BENCH = "bench"
    ERASE = "erase"


class JobState(str, Enum):
    RUNNING = "running"
    DONE = "done"  # the job has a result, which may report a fault of the platform
    FAILED = "failed"  # the job itself broke; its result is a JobFailure


@dataclass(frozen=True)
class JobFailure(JsonRecord):
    """The result of a job that broke. `trace`: the last lines of its standard error."""

    error: str
    trace: tuple[str, ...] = ()
    ok: bool = False


@dataclass(frozen=True)
class JobStatus(JsonRecord):
    """`table`: the name of its table, "" for all. `progress`: the lines from the requested number
    on; `next`: the number of the line after them; `result`: None while the job runs; `started_at`:
    ISO 8601 in UTC."""

    id: str
    kind: JobKind
    table: str
    state: JobState
    started_at: str
    elapsed_s: float
    progress: tuple[str, ...]
    next: int
    result: Mapping[str, Any] | None
