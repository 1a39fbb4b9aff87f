"""SIGKILL of every process of a container, or of one process in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from cli.host.errors import CliError
from tests.faults.nemesis.fault import Fault, Services
from tests.harness.engine_host import on_engine_host, pid
from tests.harness.platform import Platform

# Container → a part of the command line of a process in it whose end is not the container's.
PROCESSES = {
    "driver": ("spark-worker-1", "DriverWrapper"),
    "executor": ("spark-worker-1", "CoarseGrainedExecutorBackend"),
    "walsender": ("postgres", "walsender"),
    "capture-manager": ("connect", "-m capture"),
    "connect-worker": ("connect", "ConnectDistributed"),
}


def kill_containers(platform: Platform, *services: str) -> None:
    """The signal comes from the machine: `docker kill` counts as intended, and nothing would start
    the container again."""
    pids = [pid(platform, service) for service in services]
    on_engine_host(platform, 'kill -KILL "$@"', *(each for each in pids if each != "0"))


def start_all(platform: Platform, *services: str) -> None:
    for service in services:
        with suppress(CliError):
            platform.start(service)  # of a running container it does nothing


@dataclass(frozen=True)
class Kill(Fault):
    family: ClassVar[str] = "kill"
    not_proven: ClassVar[str] = (
        "the machine's own power loss: what the kernel holds in memory survives SIGKILL"
    )
    quick_targets: ClassVar[frozenset[str]] = frozenset({"kafka-1", "postgres"})

    @property
    def effect(self) -> str:
        return f"SIGKILL of every process of {self.target}"

    def inject(self, platform: Platform) -> None:
        kill_containers(platform, self.target)

    def heal(self, platform: Platform) -> None:
        """The engine starts it again."""


@dataclass(frozen=True)
class KillProcess(Fault):
    family: ClassVar[str] = "kill"
    not_proven: ClassVar[str] = Kill.not_proven
    quick_targets: ClassVar[frozenset[str]] = frozenset({"executor"})

    @property
    def effect(self) -> str:
        service, command = PROCESSES[self.target]
        return f"SIGKILL of the processes of {service} whose command line has {command}"

    def inject(self, platform: Platform) -> None:
        service, command = PROCESSES[self.target]
        assert platform.kill(service, command), f"{service}: no process with {command}"

    def heal(self, platform: Platform) -> None:
        """Its parent starts it again."""


def faults(services: Services) -> Iterator[Fault]:
    for service in services:
        yield Kill(service.name)
    for process in PROCESSES:
        yield KillProcess(process)
