"""Stores behind PostgreSQL lose their data, each alone and all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tests.faults.nemesis.fault import Fault, Promise, Services
from tests.faults.nemesis.kill import start_all
from tests.harness import loss
from tests.harness.loss import Volume
from tests.harness.platform import Platform


@dataclass(frozen=True)
class Loss:
    """`cause`: a part of the sentence of `make status`; `remedy`: the command in it."""

    volumes: tuple[Volume, ...]
    cause: str
    remedy: str


LOSSES: Mapping[str, Loss] = {
    "zookeeper": Loss((loss.ZOOKEEPER,), "ZooKeeper lost its data", "make repair"),
    "kafka": Loss((loss.KAFKA,), "Kafka lost its record of the capture", "make repair"),
    "cassandra": Loss((loss.CASSANDRA,), "was dropped", "make repair"),
    "checkpoint": Loss((loss.CHECKPOINT,), "checkpoint", "make repair"),
    "artifacts": Loss((loss.ARTIFACTS,), "no table is deployed", "make deploy-dags"),
    "all": Loss(loss.ALL, "no table is deployed", "make rebuild"),
}


@dataclass(frozen=True)
class VolumeLost(Fault):
    promise: Promise = Promise.HALTS
    family: ClassVar[str] = "volume"
    not_proven: ClassVar[str] = "damage to a part of a disk; PostgreSQL's own volume (restore)"
    quick_targets: ClassVar[frozenset[str]] = frozenset({"kafka"})

    @property
    def effect(self) -> str:
        names = ", ".join(volume.path for volume in LOSSES[self.target].volumes)
        return f"empties {names} while the containers are stopped"

    def inject(self, platform: Platform) -> None:
        loss.empty(platform, LOSSES[self.target].volumes)

    def heal(self, platform: Platform) -> None:
        start_all(platform, *{volume.service for volume in LOSSES[self.target].volumes})


def faults(services: Services) -> Iterator[Fault]:
    for name, lost in LOSSES.items():
        yield VolumeLost(name, cause=lost.cause, remedy=lost.remedy)
