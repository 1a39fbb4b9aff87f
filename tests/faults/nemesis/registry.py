"""The Schema Registry is away while others have its schemas, while they start, or for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tests.faults.nemesis.fault import LONG_S, Fault, Promise, Services
from tests.faults.nemesis.kill import PROCESSES, kill_containers, start_all
from tests.harness.platform import Platform

REGISTRY = "schema-registry"


@dataclass(frozen=True)
class RegistryAway(Fault):
    target: str = "warm"
    hold_s: float = LONG_S
    family: ClassVar[str] = "registry"
    not_proven: ClassVar[str] = "a schema change while the registry is away"

    @property
    def effect(self) -> str:
        return "stops the registry for a minute; Connect and the driver have its schemas"

    def inject(self, platform: Platform) -> None:
        platform.stop(REGISTRY)

    def heal(self, platform: Platform) -> None:
        start_all(platform, REGISTRY)


@dataclass(frozen=True)
class RegistryAwayAtStart(RegistryAway):
    target: str = "cold"

    @property
    def effect(self) -> str:
        return "stops the registry for a minute; Connect and the driver start meanwhile"

    def inject(self, platform: Platform) -> None:
        platform.stop(REGISTRY)
        kill_containers(platform, "connect")
        assert platform.kill(*PROCESSES["driver"])


@dataclass(frozen=True)
class RegistryLost(RegistryAway):
    target: str = "lost"
    hold_s: float = 0
    promise: Promise = Promise.HALTS
    cause: str = "the registry lost it"
    remedy: str = "make rebuild"

    @property
    def effect(self) -> str:
        return "deletes every schema of the registry"

    def inject(self, platform: Platform) -> None:
        platform.stop(REGISTRY)
        empty = "DROP OWNED BY registry; CREATE SCHEMA IF NOT EXISTS public"
        platform.run_in("postgres", "psql", "-XqAt", "-d", "registry", "-c", empty)
        platform.start(REGISTRY)


def faults(services: Services) -> Iterator[Fault]:
    yield RegistryAway()
    yield RegistryAwayAtStart()
    yield RegistryLost()
