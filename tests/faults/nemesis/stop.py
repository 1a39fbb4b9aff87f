"""Every process of a container stops for 60 s, and goes on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from cli.host import docker
from cli.host.errors import CliError
from tests.faults.nemesis.fault import LONG_S, Fault, Services
from tests.faults.nemesis.kill import PROCESSES
from tests.harness.platform import Platform


def stop(platform: Platform, *services: str) -> None:
    docker.ask("pause", *(platform.container(service) for service in services))


def go_on(platform: Platform, *services: str) -> None:
    for service in services:
        with suppress(CliError):
            docker.ask("unpause", platform.container(service))


@dataclass(frozen=True)
class Stop(Fault):
    """By the engine's freezer, which processes do not see, as little as SIGSTOP."""

    hold_s: float = LONG_S
    family: ClassVar[str] = "stop"
    not_proven: ClassVar[str] = "stops of minutes, after which clients have given up for good"

    @property
    def effect(self) -> str:
        return f"stops every process of {self.target} for {self.hold_s:.0f} s"

    def inject(self, platform: Platform) -> None:
        stop(platform, self.target)

    def heal(self, platform: Platform) -> None:
        go_on(platform, self.target)


@dataclass(frozen=True)
class StopProcess(Fault):
    hold_s: float = LONG_S
    family: ClassVar[str] = "stop"
    not_proven: ClassVar[str] = Stop.not_proven

    @property
    def effect(self) -> str:
        service, command = PROCESSES[self.target]
        return f"SIGSTOP of the processes of {service} with {command} for {self.hold_s:.0f} s"

    def inject(self, platform: Platform) -> None:
        service, command = PROCESSES[self.target]
        assert platform.kill(service, command, "STOP"), f"{service}: no process with {command}"

    def heal(self, platform: Platform) -> None:
        service, command = PROCESSES[self.target]
        platform.kill(service, command, "CONT")


def faults(services: Services) -> Iterator[Fault]:
    for service in services:
        yield Stop(service.name)
    for process in PROCESSES:
        yield StopProcess(process)
