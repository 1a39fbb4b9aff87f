"""The reports of a node to the operator: messages on the console and in CloudWatch, and metrics."""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from node.errors import AwsError


class Monitoring(Protocol):
    def log(self, message: str) -> None: ...

    def measure(self, metrics: dict[str, tuple[float, str]], shared: bool = False) -> None: ...


class Reporter:
    """Reports each message once, until it changes: also across runs, by a file in `run`.

    `monitoring` is None until the node has credentials.
    """

    def __init__(self, node: str, run: Path, console: Path = Path("/dev/console")) -> None:
        self._node = node
        self._last = run / "message"
        self._console = console
        self.monitoring: Monitoring | None = None

    def report(self, message: str) -> None:
        if self._last.exists() and self._last.read_text() == f"{message}\n":
            return
        line = f"riada-node: {self._node}: {message}\n"
        print(line, end="", flush=True)
        with suppress(OSError), self._console.open("a") as console:
            console.write(line)
        self._last.write_text(f"{message}\n")
        if self.monitoring:
            with _to_journal():
                self.monitoring.log(message)

    def measure(self, ready: bool, data: Path, waits: bool = False) -> None:
        """The metrics Ready (1 or 0) and DiskUsed (percent, of the file system of `data`).

        `waits`: a rolling change makes the node wait. Then also RollWait, of the installation: the
        seconds since the last message, which names what the node waits for, was new.
        """
        if self.monitoring:
            metrics = {"Ready": (float(ready), "None"), "DiskUsed": (disk_used(data), "Percent")}
            with _to_journal():
                self.monitoring.measure(metrics)
                if waits:
                    age = max(0.0, time.time() - self._last.stat().st_mtime)
                    self.monitoring.measure({"RollWait": (age, "Seconds")}, shared=True)


class _to_journal:  # noqa: N801 # a context manager, used as a function
    """CloudWatch that does not answer stops no node: its error goes to the journal only."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if isinstance(error, AwsError):
            print(f"riada-node: {error}", file=sys.stderr, flush=True)
        return isinstance(error, AwsError)


def disk_used(path: Path) -> float:
    """Percent that df shows: rounded up, without the blocks that are reserved for root."""
    while not path.exists():
        path = path.parent
    status = os.statvfs(path)
    used = status.f_blocks - status.f_bfree
    return math.ceil(100 * used / max(1, used + status.f_bavail))
