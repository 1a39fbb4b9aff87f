"""The clock of one container is ten minutes ahead, or behind."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cli.host import docker
from cli.host.paths import ROOT
from cli.runners.compose import ComposeRunner
from tests.faults.nemesis.fault import LONG_S, Fault, Services
from tests.harness.platform import Platform

LIBRARY = "libfaketime.so.1"
_INSIDE = "/faketime"
# Debian's package, in an image of the platform, which is Debian too.
_FETCH = f"""
apt-get update -qq
cd /tmp
apt-get download -qq libfaketime
dpkg -x libfaketime_*.deb .
find . -name {LIBRARY} -exec cp {{}} /out/ ';'
chmod 755 /out/{LIBRARY}
"""


@dataclass(frozen=True)
class Clock(Fault):
    """`target`: SERVICE+10m or SERVICE-10m. Its container is replaced, with libfaketime."""

    hold_s: float = LONG_S
    family: ClassVar[str] = "clock"
    not_proven: ClassVar[str] = "clocks that jump while a process runs; leases beyond ten minutes"

    @property
    def service(self) -> str:
        return self.target[: -len("+10m")]

    @property
    def effect(self) -> str:
        direction = "ahead" if "+" in self.target else "behind"
        return f"the clock of {self.service} is ten minutes {direction}"

    def inject(self, platform: Platform) -> None:
        folder = ROOT / ".riada/faketime"
        _fetch(platform, self.service, folder)
        override = folder / "override.json"
        override.write_text(json.dumps(_override(self.service, self.target[-4:], folder)))
        _up(platform, self.service, override)

    def heal(self, platform: Platform) -> None:
        _up(platform, self.service)


def _override(service: str, offset: str, folder: Path) -> dict[str, object]:
    """A compose file beside the platform's."""
    environment = {
        "LD_PRELOAD": f"{_INSIDE}/{LIBRARY}",
        "FAKETIME": offset,
        "FAKETIME_DONT_RESET": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    mount = {"type": "bind", "source": str(folder), "target": _INSIDE, "read_only": True}
    return {"services": {service: {"environment": environment, "volumes": [mount]}}}


def _up(platform: Platform, service: str, *overrides: Path) -> None:
    """Replace a service's container if its description has changed."""
    base = ComposeRunner(platform.installation).file
    files = [word for file in (base, *overrides) for word in ("-f", str(file))]
    project = ("-p", platform.installation.project)
    command = [*docker.compose(), *project, *files, "up", "-d", "--no-build", "--no-deps", service]
    done = subprocess.run(command, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr


def _fetch(platform: Platform, service: str, folder: Path) -> None:
    if (folder / LIBRARY).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    image = docker.inspect(platform.container(service))[0]["Config"]["Image"]
    options = ("--user", "0", "--volume", f"{folder}:/out", "--entrypoint", "bash")
    docker.ask("run", "--rm", *options, image, "-euc", _FETCH)


def faults(services: Services) -> Iterator[Fault]:
    """Of the services on the way of rows."""
    servers = {name for service in services for name in service.connects_to}
    for service in services:
        if service.connects_to or service.name in servers:
            yield Clock(f"{service.name}+10m")
            yield Clock(f"{service.name}-10m")
