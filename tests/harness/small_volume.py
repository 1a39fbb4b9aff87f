"""A volume of a few hundred MiB in memory that a test can fill, and free again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cli.host import docker
from tests.docker.conftest import Container, Start

FULL = "No space left on device"
# The room that is left at first: writes are acknowledged until it is taken.
ROOM_MIB = 24


@dataclass(frozen=True)
class SmallVolume:
    """`holder` keeps it mounted while other containers restart. Without a mount it loses its
    content."""

    name: str
    holder: Container

    def fill(self, room_mib: int) -> None:
        """Leaves this many MiB."""
        room = self.holder.run("df", "--output=avail", "--block-size=1M", "/volume").stdout
        size = int(room.split()[-1]) - room_mib
        self.holder.run("fallocate", "-l", f"{size}M", "/volume/filling").check_returncode()

    def free(self) -> None:
        self.holder.run("rm", "/volume/filling").check_returncode()


def small_volume(start: Start, project: str, name: str, size_mib: int) -> SmallVolume:
    """The volume `name` of a project. `start` makes its holder."""
    memory = ("-o", "type=tmpfs", "-o", "device=tmpfs", "-o", f"o=size={size_mib}m,uid=10001")
    _create(project, name, *memory)
    return _held(start, project, name)


@contextmanager
def small_volume_of_platform(
    start: Start, project: str, name: str, size_mib: int
) -> Iterator[SmallVolume]:
    """The same for a volume that compose will use: docker-compose 1.29 refuses one with options, so
    root mounts the file system at the volume's path, on the engine's machine. The platform's
    containers must be gone in the end."""
    _create(project, name)
    [described] = json.loads(docker.ask("volume", "inspect", f"{project}-{name}"))
    path = described["Mountpoint"]
    size = f"size={size_mib}m,uid=10001"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", path], check=True)
    volume = _held(start, project, name)
    try:
        yield volume
    finally:
        docker.remove("container", volume.holder.name)
        subprocess.run(["umount", path], check=True)


def _create(project: str, name: str, *options: str) -> None:
    label = ("--label", f"riada.project={project}")
    docker.ask("volume", "create", *label, "--driver", "local", *options, f"{project}-{name}")


def _held(start: Start, project: str, name: str) -> SmallVolume:
    volume = f"{project}-{name}"
    options = ("--volume", f"{volume}:/volume", "--user", "0", "--entrypoint", "sleep")
    return SmallVolume(volume, start("base", f"{name}-volume", *options, command=("infinity",)))


@contextmanager
def full(volume: SmallVolume) -> Iterator[None]:
    volume.fill(ROOM_MIB)
    try:
        yield
    finally:
        volume.free()
