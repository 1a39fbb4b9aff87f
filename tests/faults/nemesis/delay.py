"""Every packet of a container takes 100 ms longer, and one of twenty is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cli.host import docker
from cli.host.errors import CliError
from tests.faults.nemesis.cut import heal_all
from tests.faults.nemesis.fault import LONG_S, Fault, Services
from tests.harness import delay_queue
from tests.harness.engine_host import AS_ROOT, on_engine_host, pid
from tests.harness.platform import Platform
from tests.harness.wait import eventually

DELAY_MS, LOSS = 100, 0.05
# A container with Python; its image is the delaying program's.
PYTHON = "control-center"
_QUEUE = f"-j NFQUEUE --queue-num {delay_queue.QUEUE} --queue-bypass"
# $1: a process of the container
_BEGIN = f"""
inside() {{ nsenter --net="/proc/$pid/ns/net" iptables -w "$@"; }}
pid=$1
inside -N riada-fault
inside -A riada-fault -m statistic --mode random --probability {LOSS} -j DROP
inside -A riada-fault {_QUEUE}
inside -I OUTPUT ! -o lo -j riada-fault
"""
_TRY = f"unshare --net iptables -A OUTPUT {_QUEUE}"


@dataclass(frozen=True)
class Delay(Fault):
    """Netem is missing in many kernels, so a program delays the packets (tests/harness/
    delay_queue.py)."""

    hold_s: float = LONG_S
    family: ClassVar[str] = "delay"
    not_proven: ClassVar[str] = "packets that are changed or repeated; narrow links"

    @property
    def effect(self) -> str:
        return f"packets from {self.target} take {DELAY_MS} ms longer, and {LOSS:.0%} are lost"

    def inject(self, platform: Platform) -> None:
        target = pid(platform, self.target)
        image = docker.inspect(platform.container(PYTHON))[0]["Config"]["Image"]
        inside = ("nsenter", "--target", target, "--net", "python3", "-c")
        program = Path(delay_queue.__file__).read_text()
        name = ("--name", _name(platform), "--entrypoint", inside[0])
        docker.ask("run", "-d", *name, *AS_ROOT, image, *inside[1:], program, str(DELAY_MS))
        on_engine_host(platform, _BEGIN, target)
        # Without the program the packets pass at once.
        asked = 'nsenter --net="/proc/$1/ns/net" cat /proc/net/netfilter/nfnetlink_queue'
        eventually(lambda: on_engine_host(platform, asked, target).strip(), "a queue", 20)

    def heal(self, platform: Platform) -> None:
        heal_all(platform)
        with suppress(CliError):
            docker.remove("container", _name(platform))

    def unsupported(self, platform: Platform) -> str:
        try:
            on_engine_host(platform, _TRY)
        except CliError:
            return "the machine's kernel has no queue of packets (NFQUEUE)"
        return ""


def _name(platform: Platform) -> str:
    return f"{platform.installation.project}-delay"


def faults(services: Services) -> Iterator[Fault]:
    """Of the services on the way of rows."""
    servers = {name for service in services for name in service.connects_to}
    for service in services:
        if service.name in servers:
            yield Delay(service.name)
