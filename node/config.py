"""The configuration of this node: the file that user-data writes, and the paths of the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CONFIG_FILE = Path("/etc/riada/node")


@dataclass(frozen=True)
class Config:
    node: str  # e.g. "kafka-1"
    project: str  # name of the installation, e.g. "riada"
    region: str  # e.g. "eu-central-1"
    bucket: str  # the artifacts bucket
    compose_key: str  # key of the node's compose file, e.g. "nodes/kafka/kafka-1.json"
    log_group: str  # CloudWatch log group of the nodes' messages
    volume: str  # id of the data volume, e.g. "vol-0abc"; "": the node has none
    disk_timeout_s: float = 120  # how long to wait until the data volume is attached
    ready_timeout_s: float = 50  # how long to wait until all containers are healthy
    follow_s: float = 50  # how long to follow the artifacts before the next complete check
    run: Path = Path("/run/riada")  # a folder in memory, empty after a boot
    compose: Path = Path("/etc/riada/compose.json")
    data: Path = Path("/var/lib/docker/volumes")  # mount point of the data volume

    @property
    def secrets(self) -> Path:
        """Folder of the secrets' files. The compose file mounts them from here."""
        return self.run / "secrets"

    @property
    def artifacts(self) -> Path:
        """The volume `artifacts` of the containers. It exists only on nodes that use it."""
        return self.data / f"{self.project}-artifacts/_data"


def load(text: str, environment: Mapping[str, str]) -> Config:
    """Read the NAME=value lines of CONFIG_FILE; the environment may set the times in seconds.

    Raises KeyError for a missing name and ValueError for a time that is not a number.
    """
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    return Config(
        node=values["NODE"],
        project=values["PROJECT"],
        region=values["REGION"],
        bucket=values["BUCKET"],
        compose_key=values["COMPOSE_KEY"],
        log_group=values["LOG_GROUP"],
        volume=values["VOLUME"],
        disk_timeout_s=float(environment.get("DISK_TIMEOUT_S", Config.disk_timeout_s)),
        ready_timeout_s=float(environment.get("READY_TIMEOUT_S", Config.ready_timeout_s)),
        follow_s=float(environment.get("FOLLOW_S", Config.follow_s)),
    )
