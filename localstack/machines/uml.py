"""Machines with a kernel of their own: User-Mode Linux, a process in a container of its own.

The machine uses the address of its container; memory and disks are files there. It has one core.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from machines.account import Group, Instance, Volume
from machines.container import Containers
from machines.disks import Disks


class UserModeLinux(Containers):
    volumes = ()

    def apply_groups(
        self,
        instance: Instance,
        instances: Iterable[Instance],
        security_groups: Mapping[str, Group],
    ) -> None:
        """Security groups are not enforced: its kernel has no packet filter, and its packets bypass
        the container's filter."""

    def _plug(self, volume: Volume, disks: Disks) -> list[str]:
        return ["attach", str(disks.file(volume)), volume.name.replace("-", "")]

    def _shape(self, instance: Instance) -> dict[str, Any]:
        return {
            "tmpfs": {"/memory": f"exec,size={instance.memory_mib + 64}m"},
            "binds": [f"{self._localstack}-disks:/disks"],
        }

    def _environment(self, instance: Instance) -> dict[str, str]:
        return {"MEMORY_MIB": str(instance.memory_mib)}
