"""The files of the program on the data volume, beside PostgreSQL's data: a restore keeps them."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from backup.errors import BackupError
from contract.json_record import JsonRecord

R = TypeVar("R", bound=JsonRecord)


@dataclass(frozen=True)
class Request(JsonRecord):
    """A requested restore: backup `label`, then WAL of `timeline` up to `target` (ISO 8601 UTC, "":
    to its end). `left`: the timeline that the server leaves, 0 if unknown. `begun`: the data folder
    changes now, so the restore has to be finished. `to_end`: the archive ends before `target`, so
    the state at `target` is that of its end."""

    id: str
    label: str
    timeline: int
    target: str
    left: int
    at: str
    discard: bool = False
    begun: bool = False
    to_end: bool = False


@dataclass(frozen=True)
class Restored(JsonRecord):
    """A restore that has ended, at `at`. `problem`: why it was not carried out, or ""."""

    id: str
    at: str
    target: str
    left: int
    problem: str = ""


@dataclass(frozen=True)
class Gap(JsonRecord):
    """WAL that is in no archive. `first`: the end of its first file, whose name is `wal`; `last`:
    when the last one was dropped. A backup that began after `last` does not need it."""

    first: str
    last: str
    wal: str = ""


@dataclass(frozen=True)
class State(JsonRecord):
    """`tested_*`, `test_problem` as in contract/stores/postgres/backups.py; `tried_at`: the end of
    the newest restore test. `restored`, `gaps`: the newest restores, and the newest gaps of the
    archive that a backup has closed, the newest last."""

    tested_at: str = ""
    tested_to: str = ""
    test_problem: str = ""
    tried_at: str = ""
    restored: tuple[Restored, ...] = ()
    gaps: tuple[Gap, ...] = ()


KEPT = 50  # restores, and gaps


class Files:
    """`volume`: the data volume."""

    def __init__(self, volume: Path) -> None:
        self._state = volume / "backups.json"
        self._request = volume / "restore.json"
        # pgbackrest-push writes it when it drops WAL.
        self._gap = volume / "archive-gap"
        self._volume = volume

    def state(self) -> State:
        return _read(self._state, State) or State()

    def change(self, change: Callable[[State], State]) -> None:
        """Replaces the state by `change` of it."""
        with self._volume.joinpath("backups.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _write(self._state, change(self.state()))

    @contextmanager
    def testing(self) -> Iterator[None]:
        """Only one restore test can run. Raises BackupError while another one does."""
        with self._volume.joinpath("restore-test.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(
                    "another restore test runs",
                    "wait until it has ended: make status has its result",
                ) from None
            yield

    def request(self) -> Request | None:
        """The restore that has to be carried out. A crash may leave the file of one that has
        ended."""
        request = _read(self._request, Request)
        if request and any(each.id == request.id for each in self.state().restored):
            self._request.unlink(missing_ok=True)
            return None
        return request

    def write_request(self, request: Request) -> None:
        _write(self._request, request)

    def end(self, request: Request, problem: str = "") -> None:
        """Records the end of a restore, then removes its request."""
        ended = Restored(request.id, now_iso(), request.target, request.left, problem)

        def add(state: State) -> State:
            known = [each for each in state.restored if each.id != request.id]
            return replace(state, restored=tuple([*known, ended][-KEPT:]))

        self.change(add)
        self._request.unlink(missing_ok=True)

    def forget_cluster(self) -> None:
        """Another cluster takes the place of this one: its timelines begin with 1 again, and none
        of its backups has been tested."""

        def change(state: State) -> State:
            ended = tuple(replace(each, left=0) for each in state.restored)
            return State(restored=ended, gaps=state.gaps)

        self.change(change)

    def gap(self) -> Gap | None:
        """The gap that no backup has closed yet."""
        try:
            last = self._gap.stat().st_mtime
            words = self._gap.read_text().split()
        except OSError:
            return None
        first, wal = (*words, "", "")[:2]
        return Gap(first or iso(last), iso(last), wal)

    def close_gap(self) -> None:
        """Records that the present history does not need the dropped WAL."""
        gap = self.gap()
        if gap is None:
            return

        def add(state: State) -> State:
            known = [each for each in state.gaps if each.first != gap.first]
            return replace(state, gaps=tuple([*known, gap][-KEPT:]))

        self.change(add)
        self._gap.unlink(missing_ok=True)


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
