"""Volumes: a sparse file each, and a loop device for it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from machines.account import Volume

FOLDER = Path("/disks")


class Disks:
    def keep(self, volumes: Mapping[str, Volume]) -> None:
        """Forget the data of all others."""
        for file in FOLDER.iterdir():
            if file.name not in volumes:
                for loop in self._loops(file):
                    subprocess.run(["losetup", "--detach", loop], check=True)
                file.unlink()

    def device(self, volume: Volume) -> int:
        """Number of the loop device that shows the volume."""
        file = FOLDER / volume.name
        with file.open("ab") as disk:
            disk.truncate(volume.gib << 30)
        loops = self._loops(file)
        if not loops:
            free = _said("losetup", "--find")
            number = free.removeprefix("/dev/loop")
            if not Path(free).exists():
                subprocess.run(["mknod", free, "b", "7", number], check=True)
            subprocess.run(["losetup", free, str(file)], check=True)
            loops = [free]
        return int(loops[0].removeprefix("/dev/loop"))

    @staticmethod
    def _loops(file: Path) -> list[str]:
        """By inode: the same path is another file in another installation."""
        told = _said("losetup", "--associated", str(file), "--noheadings", "--output", "NAME")
        return told.split()


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
