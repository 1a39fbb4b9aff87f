"""A volume of a few hundred MiB in memory that a test can fill, and free again."""

from __future__ import annotations

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
    volume = f"{project}-{name}"
    memory = ("-o", "type=tmpfs", "-o", "device=tmpfs", "-o", f"o=size={size_mib}m,uid=10001")
    label = ("--label", f"riada.project={project}")
    docker.ask("volume", "create", *label, "--driver", "local", *memory, volume)
    options = ("--volume", f"{volume}:/volume", "--user", "0", "--entrypoint", "sleep")
    return SmallVolume(volume, start("base", f"{name}-volume", *options, command=("infinity",)))


@contextmanager
def full(volume: SmallVolume) -> Iterator[None]:
    volume.fill(ROOM_MIB)
    try:
        yield
    finally:
        volume.free()
