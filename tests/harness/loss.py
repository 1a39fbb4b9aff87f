"""Stores lose their data: the volumes of stopped containers are emptied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.harness.platform import Platform


@dataclass(frozen=True)
class Volume:
    """`service` has it at `path`."""

    service: str
    path: str


ZOOKEEPER = Volume("zookeeper-1", "/var/lib/zookeeper")
KAFKA = Volume("kafka-1", "/var/lib/kafka")
CASSANDRA = Volume("cassandra-1", "/var/lib/cassandra")
CHECKPOINT = Volume("spark-worker-1", "/checkpoint")
ARTIFACTS = Volume("spark-worker-1", "/artifacts")
CONTROL_CENTER = Volume("control-center", "/var/lib/control-center")
ALL = (ZOOKEEPER, KAFKA, CASSANDRA, CHECKPOINT, ARTIFACTS, CONTROL_CENTER)


def empty(platform: Platform, volumes: Sequence[Volume]) -> None:
    """Stop the services, empty their volumes, and start them."""
    services = list(dict.fromkeys(volume.service for volume in volumes))
    for service in services:
        platform.stop(service)
    for volume in volumes:
        platform.beside(volume.service, f"find {volume.path} -mindepth 1 -delete")
    for service in services:
        platform.start(service)
