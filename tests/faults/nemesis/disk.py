"""The disk of PostgreSQL, Kafka or Cassandra becomes full, and has room again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from cli.host import docker
from cli.host.errors import CliError
from tests.faults.nemesis.fault import Fault, Services
from tests.harness.engine_host import on_engine_host
from tests.harness.platform import Platform

# Service → MiB that are left, which 200 rows/s fill in about half a minute.
ROOM_MIB: Mapping[str, int] = {"postgres": 24, "kafka-1": 6, "cassandra-1": 24}
# Of the file system in memory, beside what the volume holds.
SPARE_MIB = 200
# As the engine sees the file systems. $1: the volume's folder
_AS_ENGINE = """
engine() { nsenter --target "$(pgrep -o dockerd)" --mount -- "$@"; }
volume=$1 small=$1.small
"""
_MOUNT = f"""{_AS_ENGINE}
used=$(engine du -sm "$volume" | cut -f1)
engine mkdir -p "$small"
engine mount -t tmpfs -o "size=$((used + {SPARE_MIB}))m" tmpfs "$small"
engine cp -a "$volume/." "$small/"
engine chown --reference "$volume" "$small"
engine chmod --reference "$volume" "$small"
engine mount --bind "$small" "$volume"
"""
# $2: MiB that are left
_FILL = f"""{_AS_ENGINE}
room=$(engine df --output=avail --block-size=1M "$small" | tail -1)
engine fallocate -l "$((room - $2))M" "$small/filling"
"""
_FREE = f"""{_AS_ENGINE}
engine rm -f "$small/filling"
"""
_UNMOUNT = f"""{_AS_ENGINE}
engine mountpoint -q "$small" || exit 0
engine umount "$volume"
engine find "$volume" -mindepth 1 -delete
engine cp -a "$small/." "$volume/"
engine umount "$small"
engine rmdir "$small"
"""


@dataclass(frozen=True)
class DiskFull(Fault):
    """A file system in memory takes the volume's place while the container is stopped."""

    hold_s: float = 120
    family: ClassVar[str] = "disk-full"
    not_proven: ClassVar[str] = "a disk that fails; a full disk of ZooKeeper or of the worker"

    @property
    def effect(self) -> str:
        return f"leaves {ROOM_MIB[self.target]} MiB for {self.target}, which rows fill"

    def inject(self, platform: Platform) -> None:
        platform.stop(self.target)
        on_engine_host(platform, _MOUNT, _folder(platform, self.target))
        platform.start(self.target)
        platform.await_healthy()
        on_engine_host(platform, _FILL, _folder(platform, self.target), str(ROOM_MIB[self.target]))

    def heal(self, platform: Platform) -> None:
        on_engine_host(platform, _FREE, _folder(platform, self.target))

    def clean(self, platform: Platform) -> None:
        platform.stop(self.target)
        on_engine_host(platform, _UNMOUNT, _folder(platform, self.target))
        platform.start(self.target)
        platform.await_healthy()

    def unsupported(self, platform: Platform) -> str:
        try:
            on_engine_host(platform, f"{_AS_ENGINE} engine true", "")
        except CliError:
            return "the engine's file systems are out of reach"
        return ""


def _folder(platform: Platform, service: str) -> str:
    """Of the volume of the same name."""
    volume = platform.container(service)
    return docker.ask("volume", "inspect", "--format", "{{.Mountpoint}}", volume).strip()


def faults(services: Services) -> Iterator[Fault]:
    for service in ROOM_MIB:
        yield DiskFull(service)
