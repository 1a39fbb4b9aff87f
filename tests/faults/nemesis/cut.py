"""The network between two services that talk is cut, in both directions or in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cli.host import docker
from cli.installations import services as present
from tests.faults.nemesis.fault import LONG_S, Fault, Services
from tests.harness.engine_host import address, on_engine_host, pid
from tests.harness.platform import Platform

# $1: a process of the container; $2: the other's address; $3: directions
_CUT = """
inside() { nsenter --net="/proc/$pid/ns/net" iptables -w "$@"; }
pid=$1
inside -N riada-fault
inside -I INPUT -j riada-fault
inside -I OUTPUT -j riada-fault
for direction in $3; do inside -A riada-fault "$direction" "$2" -j DROP; done
"""
_HEAL = """
inside() { nsenter --net="/proc/$pid/ns/net" iptables -w "$@" 2>/dev/null || true; }
for pid; do
    inside -D INPUT -j riada-fault
    inside -D OUTPUT -j riada-fault
    inside -D OUTPUT ! -o lo -j riada-fault
    inside -F riada-fault
    inside -X riada-fault
done
"""
BOTH, NOT_HEARD = "-s -d", "-s"


def heal_all(platform: Platform) -> None:
    names = present.containers(platform.installation)
    described = docker.inspect(*names.values())
    pids = [str(each["State"]["Pid"]) for each in described if each["State"]["Running"]]
    on_engine_host(platform, _HEAL, *pids)


@dataclass(frozen=True)
class Cut(Fault):
    """`target`: CLIENT/SERVER; the client opens the connections."""

    hold_s: float = LONG_S
    family: ClassVar[str] = "cut"
    not_proven: ClassVar[str] = "cuts of hours; a partition within a cluster of three"

    @property
    def ends(self) -> tuple[str, str]:
        client, server = self.target.split("/")
        return client, server

    @property
    def effect(self) -> str:
        client, server = self.ends
        return f"drops every packet between {client} and {server} for {self.hold_s:.0f} s"

    def inject(self, platform: Platform) -> None:
        _cut(platform, *self.ends, BOTH)

    def heal(self, platform: Platform) -> None:
        heal_all(platform)


@dataclass(frozen=True)
class CutOneWay(Cut):
    family: ClassVar[str] = "cut-answers"

    @property
    def effect(self) -> str:
        client, server = self.ends
        return f"drops every packet from {server} to {client} for {self.hold_s:.0f} s"

    def inject(self, platform: Platform) -> None:
        _cut(platform, *self.ends, NOT_HEARD)


def _cut(platform: Platform, client: str, server: str, directions: str) -> None:
    on_engine_host(platform, _CUT, pid(platform, client), address(platform, server), directions)


def faults(services: Services) -> Iterator[Fault]:
    for service in services:
        for other in service.connects_to:
            yield Cut(f"{service.name}/{other}")
            yield CutOneWay(f"{service.name}/{other}")
