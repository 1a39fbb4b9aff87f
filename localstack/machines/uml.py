"""Machines with a kernel of their own: User-Mode Linux, a process in a container of its own.

The container lends the machine its address; memory and disks are files in it. One core each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from machines.account import Group, Instance, Volume
from machines.container import Containers
from machines.disks import Disks


class UserModeLinux(Containers):
    volumes = ()

    def guard(
        self, one: Instance, instances: Iterable[Instance], security_groups: Mapping[str, Group]
    ) -> None:
        """Not enforced: its kernel has no packet filter, and what it is lent passes none."""

    def _plug(self, volume: Volume, disks: Disks) -> list[str]:
        return ["attach", str(disks.file(volume)), volume.name.replace("-", "")]

    def _shape(self, one: Instance) -> dict[str, Any]:
        return {
            "tmpfs": {"/memory": f"exec,size={one.memory_mib + 64}m"},
            "binds": [f"{self._localstack}-disks:/disks"],
        }

    def _told(self, one: Instance) -> dict[str, str]:
        return {"MEMORY_MIB": str(one.memory_mib)}
