"""Every container at once is killed, or stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cli.installations import services as present
from tests.faults.nemesis.fault import LONG_S, Fault, Services
from tests.faults.nemesis.kill import kill_containers, start_all
from tests.faults.nemesis.stop import go_on, stop
from tests.harness.platform import Platform


@dataclass(frozen=True)
class KillEverything(Fault):
    target: str = "kill"
    family: ClassVar[str] = "everything"
    not_proven: ClassVar[str] = "the machine's own power loss; several machines"

    @property
    def effect(self) -> str:
        return "SIGKILL of every process of the platform at once"

    def inject(self, platform: Platform) -> None:
        kill_containers(platform, *present.containers(platform.installation))

    def heal(self, platform: Platform) -> None:
        start_all(platform, *present.containers(platform.installation))


@dataclass(frozen=True)
class StopEverything(Fault):
    target: str = "stop"
    hold_s: float = LONG_S
    family: ClassVar[str] = "everything"
    not_proven: ClassVar[str] = KillEverything.not_proven

    @property
    def effect(self) -> str:
        return f"stops every process of the platform for {self.hold_s:.0f} s"

    def inject(self, platform: Platform) -> None:
        stop(platform, *present.containers(platform.installation))

    def heal(self, platform: Platform) -> None:
        go_on(platform, *present.containers(platform.installation))


def faults(services: Services) -> Iterator[Fault]:
    yield KillEverything()
    yield StopEverything()
