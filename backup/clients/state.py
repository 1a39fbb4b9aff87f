"""The files of the program on the data volume, beside PostgreSQL's data: a restore keeps them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from contract.json_record import JsonRecord

R = TypeVar("R", bound=JsonRecord)


@dataclass(frozen=True)
class Request(JsonRecord):
    """A requested restore: backup `label`, then WAL of `timeline` up to `target` (ISO 8601 UTC, "":
    to its end). `left`: the timeline that the server leaves, 0 if unknown. `begun`: the data folder
    changes now, so the restore has to be finished."""

    id: str
    label: str
    timeline: int
    target: str
    left: int
    at: str
    discard: bool = False
    begun: bool = False


@dataclass(frozen=True)
class Restored(JsonRecord):
    """A restore that has ended, at `at`. `problem`: why it was not carried out, or ""."""

    id: str
    at: str
    target: str
    left: int
    problem: str = ""


@dataclass(frozen=True)
class State(JsonRecord):
    """`tested_*`, `test_problem` as in contract/stores/postgres/backups.py; `tried_at`: the end of
    the newest restore test. `restored`: the newest restores, the newest last."""

    tested_at: str = ""
    tested_to: str = ""
    test_problem: str = ""
    tried_at: str = ""
    restored: tuple[Restored, ...] = ()


KEPT = 50  # restores


class Files:
    """`volume`: the data volume."""

    def __init__(self, volume: Path) -> None:
        self._state = volume / "backups.json"
        self._request = volume / "restore.json"

    def state(self) -> State:
        return _read(self._state, State) or State()

    def write_state(self, state: State) -> None:
        _write(self._state, state)

    def request(self) -> Request | None:
        return _read(self._request, Request)

    def write_request(self, request: Request) -> None:
        _write(self._request, request)

    def end(self, request: Request, problem: str = "") -> None:
        """Records the end of a restore, then removes its request."""
        ended = Restored(request.id, now_iso(), request.target, request.left, problem)
        state = self.state()
        known = [each for each in state.restored if each.id != request.id]
        self.write_state(replace(state, restored=tuple([*known, ended][-KEPT:])))
        self._request.unlink(missing_ok=True)


def _read(path: Path, kind: type[R]) -> R | None:
    """None if the file is missing, or damaged by a crash."""
    try:
        return kind.from_json(json.loads(path.read_text()))
    except (OSError, ValueError):
        return None


def _write(path: Path, record: JsonRecord) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("w") as file:
        file.write(json.dumps(record.to_json()))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def iso(moment: float) -> str:
    """Seconds since 1970 → ISO 8601 UTC."""
    return datetime.fromtimestamp(moment, timezone.utc).isoformat(timespec="milliseconds")


def now_iso() -> str:
    return iso(datetime.now(timezone.utc).timestamp())


def seconds(text: str) -> float:
    """ISO 8601 → seconds since 1970; 0 for ""."""
    return datetime.fromisoformat(text).timestamp() if text else 0.0
