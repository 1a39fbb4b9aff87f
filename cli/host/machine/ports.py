"""Ports of 127.0.0.1: the free ports, and the programs that listen on the others."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.host import docker
from cli.host.machine.check import Check, CheckState
from cli.host.process import capture, succeeds


@dataclass(frozen=True)
class PublishedPort:
    """A port that a service of the platform takes; `variable` is the setting that moves it."""

    service: str
    port: int
    variable: str


def check_ports(project: str, published: Sequence[PublishedPort]) -> Iterator[Check]:
    """One check for each port. It passes if the port is free or used by the project itself."""
    own = own_ports(project)
    for item in published:
        name = f"port {item.port}"
        if item.port in own:
            measured = f"{item.service}, taken by this installation"
        elif is_free(item.port):
            measured = f"{item.service}, free"
        else:
            free = f"{item.variable}={item.port + 10000}"
            yield Check(
                name,
                CheckState.FAIL,
                f"{item.service}, taken by {_listener(item.port)}",
                "free",
                f"stop what listens there, or choose another port: make up {free}",
            )
            continue
        yield Check(name, CheckState.PASS, measured, "free")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def own_ports(project: str) -> set[int]:
    """Ports that the project's running containers publish."""
    if not docker.reachable():
        return set()
    containers = docker.inspect(*docker.named("container", project))
    running = [container for container in containers if container["State"]["Running"]]
    bindings = [container["HostConfig"]["PortBindings"] or {} for container in running]
    hosts = (host for ports in bindings for hosts in ports.values() for host in hosts)
    return {int(host["HostPort"]) for host in hosts}


def _listener(port: int) -> str:
    if docker.reachable():
        publish = ("ps", "--filter", f"publish={port}", "--format", "{{.Names}}")
        if names := docker.lines(*publish):
            return f"container {names[0]}"
    if shutil.which("ss") and succeeds(["ss", "-ltnH"]):
        quoted = capture(["ss", "-ltnpH", f"sport = :{port}"]).split('"')
        if len(quoted) > 1:
            return quoted[1]
    return "another program"
