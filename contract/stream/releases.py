"""Releases of the DAGs, the Spark job and the tables: the layout of the artifacts store, and how it
changes.

A release is a folder of files, named by a hash of their content. It holds the DAGs in `dags/`, the
tables in `tables/`, and in the file `job` a hash of the streaming job. The store knows which
releases it keeps, which one is current (Airflow parses it) and which one streams (the driver should
run it).

On a machine the store is a folder, mounted at /artifacts in containers:

    releases/NAME/           the files of a release
    jobs/HASH/               spark/ and contract/ of the releases with this job: the driver runs
                             from here, so that each of them may be removed
    current -> releases/NAME absent before the first activation
    streaming-release        NAME, absent or empty before the first
    streaming-status.json    what the driver reports about itself
    .state                   the state file that `follow` applied last, on AWS only

On AWS a bucket holds releases/NAME.tar and releases/state, the text form of `ReleaseState`. Each
machine brings its folder to that state.

Three programs use this file. Each change of the store is decided once, in `ReleaseState`:

- `make deploy-dags` on one machine runs it inside a container that mounts the volume, since the
  volume cannot be reached from outside: `python3 -c SOURCE FOLDER COMMAND [NAME]` (see `main`).
- `make deploy-dags TARGET=aws` changes `ReleaseState` and writes its text into the bucket.
- riada-node, the program of a machine on AWS, downloads releases/state every few seconds and calls
  `ReleaseFolder(folder).follow(text, fetch)`.

The file imports nothing but the standard library, so that it can be sent alone.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

CURRENT = "current"
STREAMING = "streaming-release"
STATUS = "streaming-status.json"
FOLLOWED = ".state"
RELEASES = "releases"
JOB = "job"
JOBS = "jobs"
JOB_FOLDERS = ("spark", "contract")
# The number of releases that stay, including the current one.
KEEP = 3


@dataclass(frozen=True)
class ReleaseState:
    """The releases of a store, the current one and the one that streams; "" for none.

    `releases` are names, the one that was activated last first. `stamp` changes with every change
    that machines must apply again, such as the second activation of the same release.
    """

    current: str = ""
    streaming: str = ""
    releases: tuple[str, ...] = ()
    stamp: str = ""

    @classmethod
    def parse(cls, text: str) -> ReleaseState:
        """The state that `text()` wrote: a key and its words in each line, in any order."""
        lines = (line.partition(" ") for line in text.splitlines())
        values = {key: words.strip() for key, _, words in lines}
        return cls(
            values.get("current", ""),
            values.get("streaming", ""),
            tuple(values.get("releases", "").split()),
            values.get("stamp", ""),
        )

    def text(self) -> str:
        return (
            f"current {self.current}\n"
            f"streaming {self.streaming}\n"
            f"releases {' '.join(self.releases)}\n"
            f"stamp {self.stamp}\n"
        )

    def activated(self, name: str) -> ReleaseState:
        """`name` is current and the newest release; "" leaves no current release."""
        others = tuple(release for release in self.releases if release != name)
        return replace(self, current=name, releases=(name, *others) if name else self.releases)

    def streamed(self, name: str) -> ReleaseState:
        return replace(self, streaming=name)

    def pruned(self, keep: int = KEEP) -> tuple[ReleaseState, list[str]]:
        """The newest `keep` releases, with the current and the streaming one, and the others."""
        kept = {*self.releases[:keep], self.current, self.streaming}
        removed = [name for name in self.releases if name not in kept]
        releases = tuple(name for name in self.releases if name in kept)
        return replace(self, releases=releases), removed


class ReleaseFolder:
    """The store in a folder. Readers of the folder never see a release or a file half-written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / RELEASES / name

    def state(self) -> ReleaseState:
        """Names of releases are ordered by the time of their last activation."""
        current = self.folder / CURRENT
        streaming = self.folder / STREAMING
        names = [path for path in self._entries() if not path.name.startswith(".")]
        names.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return ReleaseState(
            current.readlink().name if current.is_symlink() else "",
            streaming.read_text().strip() if streaming.exists() else "",
            tuple(path.name for path in names),
        )

    def put(self, name: str, archive: bytes) -> None:
        """Unpack a release's tar archive; replaces the release if it exists."""
        draft, old = self.path(f".{name}"), self.path(f".{name}.old")
        for leftover in (draft, old):
            shutil.rmtree(leftover, ignore_errors=True)
        draft.mkdir(parents=True)
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            # Python before 3.10.12 and 3.11.4 lacks the filter, which refuses paths that leave the
            # folder.
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            tar.extractall(draft)
        if self.path(name).exists():
            self.path(name).rename(old)
        draft.rename(self.path(name))
        shutil.rmtree(old, ignore_errors=True)
        self._keep_job(name)

    def activate(self, name: str) -> None:
        """Let Airflow parse that release, again if it is current already; "" for none.

        Raises FileNotFoundError when the store does not have it.
        """
        current, draft = self.folder / CURRENT, self.folder / f".{CURRENT}"
        draft.unlink(missing_ok=True)
        if not name:
            current.unlink(missing_ok=True)
            return
        if not self.path(name).is_dir():
            raise FileNotFoundError(f"{self.folder} does not hold release {name}")
        os.utime(self.path(name))
        # Airflow parses a file at once only when it is newer than its last parse.
        for path in (self.path(name) / "dags").rglob("*.py"):
            os.utime(path)
        draft.symlink_to(f"{RELEASES}/{name}")
        draft.replace(current)

    def stream(self, name: str) -> None:
        """Name the release whose driver should run. Drivers of other releases stop by
        themselves."""
        self._write(STREAMING, name)

    def prune(self, keep: int = KEEP) -> list[str]:
        """Remove the releases that `ReleaseState.pruned` drops; returns their names."""
        _, removed = self.state().pruned(keep)
        self._remove(removed)
        return removed

    def follow(self, text: str, fetch: Callable[[str], bytes]) -> bool:
        """Bring the folder to a state, as `ReleaseState.text` wrote it; False if it is there.

        `fetch(name)` returns a release's tar archive. When it raises, current and streaming release
        stay as they are, and the next call tries again.
        """
        followed = self.folder / FOLLOWED
        if followed.exists() and followed.read_text() == text:
            return False
        state = ReleaseState.parse(text)
        for name in state.releases:
            if not self.path(name).is_dir():
                self.put(name, fetch(name))
        self.activate(state.current)
        self.stream(state.streaming)
        self._remove(name for name in self.state().releases if name not in state.releases)
        self._write(FOLLOWED, text)
        return True

    def _entries(self) -> list[Path]:
        folder = self.folder / RELEASES
        return [path for path in folder.iterdir() if path.is_dir()] if folder.exists() else []

    def _job(self, name: str) -> str:
        """The job of a release; "" for a release of before jobs had names."""
        path = self.path(name) / JOB
        return path.read_text().strip() if path.exists() else ""

    def _keep_job(self, name: str) -> None:
        """Copy the job of a release, unless an earlier release had the same."""
        job, jobs = self._job(name), self.folder / JOBS
        draft = jobs / f".{job}"
        if not job or (jobs / job).is_dir():
            return
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for folder in JOB_FOLDERS:
            if (self.path(name) / folder).is_dir():
                shutil.copytree(self.path(name) / folder, draft / folder)
        draft.rename(jobs / job)

    def _remove(self, names: Iterable[str]) -> None:
        """Remove releases, the jobs that no other release has, and what an interrupted `put`
        left."""
        leftovers = [path.name for path in self._entries() if path.name.startswith(".")]
        for name in [*names, *leftovers]:
            shutil.rmtree(self.path(name))
        needed = {self._job(path.name) for path in self._entries()}
        jobs = self.folder / JOBS
        for path in jobs.iterdir() if jobs.is_dir() else ():
            if path.name not in needed:
                shutil.rmtree(path)

    def _write(self, name: str, text: str) -> None:
        draft = self.folder / f".{name}.draft"
        draft.write_text(text)
        draft.replace(self.folder / name)


def main(arguments: Sequence[str]) -> None:
    """Runs `FOLDER COMMAND [NAME]`, a command of the store, in a process that mounts the folder.

    `state` prints `ReleaseState.text`, `put NAME` reads a tar archive from standard input,
    `activate [NAME]`, `stream NAME`, and `prune` prints the names that it removed.
    """
    store, command, name = ReleaseFolder(Path(arguments[0])), arguments[1], "".join(arguments[2:])
    if command == "state":
        print(store.state().text(), end="")
    elif command == "put":
        store.put(name, sys.stdin.buffer.read())
    elif command == "activate":
        store.activate(name)
    elif command == "stream":
        store.stream(name)
    elif command == "prune":
        print(*store.prune(), sep="\n")
    else:
        raise SystemExit(f"unknown command: {command}")


if __name__ == "__main__":
    main(sys.argv[1:])
