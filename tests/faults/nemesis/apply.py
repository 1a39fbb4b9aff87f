"""`make up` is killed while it changes an installation."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cli.host import docker
from tests.faults.nemesis.fault import Fault, Services
from tests.harness.platform import Platform
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy
from tests.harness.workload.table import FILE, NAME

# A setting of Connect's container, and its default.
SETTING, DEFAULT, OTHER = "KAFKA_TABLE_GIB", "16", "17"
CHANGED = "connect"
LIMIT_S = 300


@dataclass(frozen=True)
class ApplyKilled(Fault):
    """The operator's next `make up` ends it."""

    target: str = "killed"
    family: ClassVar[str] = "apply"
    not_proven: ClassVar[str] = "a killed apply on AWS; three of each (tests/scaling)"

    @property
    def effect(self) -> str:
        return f"SIGKILL of make up and its programs while it replaces the container of {CHANGED}"

    def inject(self, platform: Platform) -> None:
        before = _id(platform)
        with tempfile.TemporaryDirectory() as folder:
            process = platform.begin(_checkout(platform, folder).folder, "up", **{SETTING: OTHER})
            with process:
                eventually(
                    lambda: _id(platform) != before or process.poll() is not None,
                    f"{CHANGED} is replaced",
                    LIMIT_S,
                    0.05,
                )
                assert process.poll() is None, "make up ended before it was killed"
                _kill(process)

    def heal(self, platform: Platform) -> None:
        with tempfile.TemporaryDirectory() as folder:
            done = _checkout(platform, folder).command("up", **{SETTING: DEFAULT})
        assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]


def _checkout(platform: Platform, folder: str) -> WorkCopy:
    """With the workload's table: another would remove it."""
    copy = WorkCopy(platform, Path(folder) / "riada")
    copy.put(NAME, FILE)
    return copy


def _id(platform: Platform) -> str:
    """ "" while the container does not exist."""
    containers = docker.identified("container", platform.installation.project)
    return containers.get(platform.container(CHANGED), "")


def _kill(process: subprocess.Popen[str]) -> None:
    """With its programs, which would go on."""
    for pid in [*_descendants(process.pid), process.pid]:
        os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    shown = subprocess.run(["ps", "-eo", "pid=,ppid="], text=True, capture_output=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in shown.stdout.splitlines()]
    result, parents = [], {pid}
    while children := [child for child, parent in pairs if parent in parents]:
        result += children
        parents = set(children)
    return result


def faults(services: Services) -> Iterator[Fault]:
    yield ApplyKilled()
