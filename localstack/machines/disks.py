"""Volumes: a sparse file each, and a loop device for machines that need one."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from machines.account import Volume

FOLDER = Path("/disks")


class Disks:
    def keep(self, volumes: Mapping[str, Volume]) -> None:
        """Remove the data of all other volumes."""
        for file in FOLDER.iterdir():
            if file.name not in volumes:
                for loop in self._loops(file):
                    subprocess.run(["losetup", "--detach", loop], check=True)
                file.unlink()

    def file(self, volume: Volume) -> Path:
        """The file with its data."""
        file = FOLDER / volume.name
        with file.open("ab") as disk:
            disk.truncate(volume.gib << 30)
        return file

    def device(self, volume: Volume) -> int:
        """Number of the loop device that shows the volume."""
        file = self.file(volume)
        if loops := self._loops(file):
            return _number(loops[0])
        free = _output("losetup", "--find").split()[0]
        self._make(free)
        subprocess.run(["losetup", free, str(file)], check=True)
        return _number(free)

    def _loops(self, file: Path) -> list[str]:
        """Loop devices of the file. Another container may have made them; then this container lacks
        their nodes in /dev."""
        for used in Path("/sys/block").glob("loop*/loop"):
            self._make(f"/dev/{used.parent.name}")
        names = _output("losetup", "--associated", str(file), "--noheadings", "--output", "NAME")
        return names.split()

    @staticmethod
    def _make(loop: str) -> None:
        if not Path(loop).exists():
            subprocess.run(["mknod", loop, "b", "7", str(_number(loop))], check=True)


def _number(loop: str) -> int:
    return int(loop.removeprefix("/dev/loop"))


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
