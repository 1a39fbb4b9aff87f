"""Every packet of a container takes 100 ms longer, and one of twenty is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cli.host.errors import CliError
from tests.faults.nemesis.fault import LONG_S, Fault, Services
from tests.harness.engine_host import on_engine_host, pid
from tests.harness.platform import Platform

DELAY, LOSS = "100ms", "5%"
_INSIDE = 'nsenter --net="/proc/$1/ns/net" tc qdisc'
_TRY = f"""
unshare --net bash -euc 'ip link set lo up; tc qdisc add dev lo root netem delay {DELAY}' 2>&1
"""


@dataclass(frozen=True)
class Delay(Fault):
    """By the kernel's netem; without it the fault is not caused."""

    hold_s: float = LONG_S
    family: ClassVar[str] = "delay"
    not_proven: ClassVar[str] = "packets that are changed or repeated; narrow links"

    @property
    def effect(self) -> str:
        return f"packets from {self.target} take {DELAY} longer and {LOSS} are lost for a minute"

    def inject(self, platform: Platform) -> None:
        script = f"{_INSIDE} add dev eth0 root netem delay {DELAY} loss {LOSS}"
        on_engine_host(platform, script, pid(platform, self.target))

    def heal(self, platform: Platform) -> None:
        script = f"{_INSIDE} del dev eth0 root 2>/dev/null || true"
        on_engine_host(platform, script, pid(platform, self.target))

    def unsupported(self, platform: Platform) -> str:
        try:
            on_engine_host(platform, _TRY)
        except CliError:
            return "the machine's kernel has no netem"
        return ""


def faults(services: Services) -> Iterator[Fault]:
    """Of those on the way of rows: one that only serves others has nothing to delay."""
    clients = {service.name for service in services if service.connects_to}
    servers = {name for service in services for name in service.connects_to}
    for service in services:
        if service.name in clients & servers or service.name.startswith(("cassandra", "postgres")):
            yield Delay(service.name)
