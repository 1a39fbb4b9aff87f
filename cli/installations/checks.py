"""What `make doctor` measures: each check tells measured, required, remedy; changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.host import docker, line_endings
from cli.host.output import Fault
from cli.host.paths import ROOT
from cli.host.process import capture, succeeds
from cli.installations.local import Installation

MEMORY_GIB = 8.0
"""Services of the default sizes stay below 7 GiB (`make bench` prints it), the rest is spare."""
DISK_GIB = 15.0
"""Images 6 GiB, builds' intermediate layers, Kafka's and Cassandra's data of a million people."""
TERRAFORM = (1, 10)


@dataclass(frozen=True)
class Check:
    name: str
    state: str
    """pass, warn (works, or `make up` mends it), fail"""
    measured: str
    required: str
    remedy: str = ""


def everything(here: Installation) -> Iterator[Check]:
    yield _system()
    yield _python()
    yield from _tools()
    yield _line_endings()
    yield terraform()
    yield _engine()
    yield _compose()
    yield _memory(here)
    yield _disk()
    yield from ports(here)


def can_install() -> bool:
    """May this user install Debian packages (root, or sudo is there)?"""
    return shutil.which("apt-get") is not None and (os.geteuid() == 0 or bool(shutil.which("sudo")))


def _system() -> Check:
    try:
        release = Path("/etc/os-release").read_text()
    except FileNotFoundError:
        release = ""
    facts = dict(line.partition("=")[::2] for line in release.splitlines())
    name = facts.get("PRETTY_NAME", "unknown").strip('"')
    known = shutil.which("apt-get") is not None
    return Check(
        "system",
        "pass" if known else "warn",
        f"{name}, {os.uname().machine}",
        "Debian or Ubuntu, or the tools below",
        "" if known else "make up can install nothing here: install what is missing below yourself",
    )


def _python() -> Check:
    ok = sys.version_info >= (3, 10)
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python3", "pass" if ok else "fail", version, "3.10", "" if ok else "upgrade it")


def _tools() -> Iterator[Check]:
    for tool in ("bash", "curl", "flock", "sha256sum", "make"):
        path = shutil.which(tool)
        package = {"flock": "util-linux", "sha256sum": "coreutils"}.get(tool, tool)
        yield Check(
            tool,
            "pass" if path else "fail",
            path or "missing",
            "any",
            "" if path else f"apt-get install {package}",
        )


def _line_endings() -> Check:
    """Scripts with CRLF do not start, in containers or here."""
    found = line_endings.crlf()
    if not found:
        return Check("line endings", "pass", "LF", "LF")
    measured = f"CRLF in {found[0]}" + (f" and {len(found) - 1} more" if found[1:] else "")
    remedy = f"git checkout keeps LF; or: sed -i 's/\\r$//' {' '.join(found[:3])}"
    return Check("line endings", "fail", measured, "LF", remedy)


def terraform() -> Check:
    """Terraform cannot be had from Debian: it has to be there."""
    required = f"{TERRAFORM[0]}.{TERRAFORM[1]}"
    remedy = f"install Terraform ≥ {required}: https://developer.hashicorp.com/terraform/install"
    if shutil.which("terraform") is None:
        return Check("terraform", "fail", "missing", required, remedy)
    version = json.loads(capture(["terraform", "version", "-json"]))["terraform_version"]
    ok = tuple(int(part) for part in version.split("-")[0].split(".")[:2]) >= TERRAFORM
    return Check("terraform", "pass" if ok else "fail", version, required, "" if ok else remedy)


def _engine() -> Check:
    if docker.reachable():
        return engine_version(docker.ask("version", "--format", "{{.Server.Version}}").strip())
    if Path("/var/run/docker.sock").exists() and not os.access("/var/run/docker.sock", os.W_OK):
        remedy = "run as root, or: sudo usermod -aG docker $USER, and log in again"
        return Check("docker engine", "fail", "its socket is not yours", "reachable", remedy)
    missing = shutil.which("dockerd") is None
    return Check(
        "docker engine",
        "warn" if can_install() else "fail",
        "not installed" if missing else "not running",
        "reachable",
        f"make up {'installs and ' * missing}starts it (as root or by sudo)",
    )


def engine_version(version: str) -> Check:
    """Before 28 the engine forwards what a neighbour sends to a container's address, though the
    port is published on loopback only: https://github.com/moby/moby/issues/45610"""
    major = int(version.split(".")[0])
    if major < 20:
        return Check("docker engine", "fail", version, "20.10", "upgrade the engine to 28 or later")
    if major < 28:
        remedy = (
            "neighbours in this machine's network can reach the containers' ports: upgrade the "
            "engine to 28 or later, or set the firewall rule of docs/operations.md"
        )
        return Check("docker engine", "warn", version, "20.10, better 28", remedy)
    return Check("docker engine", "pass", version, "20.10")


def _compose() -> Check:
    try:
        command = docker.compose()
    except Fault:
        state = "warn" if can_install() else "fail"
        return Check("compose", state, "missing", "1.29", f"make up does: {docker.INSTALL}")
    version = capture([*command, "version", "--short"]).strip()
    return Check("compose", "pass", version, "1.29")


def _memory(here: Installation) -> Check:
    lines = Path("/proc/meminfo").read_text().splitlines()
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    total, free = kib["MemTotal"] / 2**20, kib["MemAvailable"] / 2**20
    running = docker.reachable() and bool(docker.named("container", here.project))
    measured = f"{total:.1f} GiB, {free:.1f} free"
    required = f"{MEMORY_GIB:.0f} GiB"
    if total < MEMORY_GIB * 0.95:
        return Check("memory", "fail", measured, required, "take a larger machine")
    if free < MEMORY_GIB * 0.9 and not running:
        return Check("memory", "warn", measured, f"{required} free", "stop other programs first")
    return Check("memory", "pass", measured, required)


def _disk() -> Check:
    folder = ROOT
    if docker.reachable():
        root = Path(docker.ask("info", "--format", "{{.DockerRootDir}}").strip())
        folder = root if root.exists() else ROOT
    free = shutil.disk_usage(folder).free / 2**30
    built = docker.reachable() and bool(docker.ask("image", "ls", "-q", "riada/control-center"))
    required = DISK_GIB / 3 if built else DISK_GIB
    state = "pass" if free >= required else "fail"
    remedy = "" if state == "pass" else "free some: docker system df tells what images take"
    return Check("disk", state, f"{free:.0f} GiB free at {folder}", f"{required:.0f} GiB", remedy)


def ports(here: Installation) -> Iterator[Check]:
    own = _own_ports(here)
    for service, port in here.published().items():
        name = f"port {port}"
        if port in own:
            yield Check(name, "pass", f"{service}, taken by this installation", "free")
        elif _is_free(port):
            yield Check(name, "pass", f"{service}, free", "free")
        else:
            kind = service if service in here.ports else service.rpartition("-")[0]
            setting = f"{kind.upper().replace('-', '_')}_PORT"
            remedy = f"stop what listens there, or choose another: make up {setting}={port + 10000}"
            yield Check(name, "fail", f"{service}, {_taker(port)}", "free", remedy)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _own_ports(here: Installation) -> set[int]:
    if not docker.reachable():
        return set()
    own = docker.inspect(*docker.named("container", here.project))
    running = [container for container in own if container["State"]["Running"]]
    bindings = [container["HostConfig"]["PortBindings"] or {} for container in running]
    hosts = (host for ports in bindings for hosts in ports.values() for host in hosts)
    return {int(host["HostPort"]) for host in hosts}


def _taker(port: int) -> str:
    if docker.reachable():
        publish = ("ps", "--filter", f"publish={port}", "--format", "{{.Names}}")
        if names := docker.lines(*publish):
            return f"taken by container {names[0]}"
    if shutil.which("ss") and succeeds(["ss", "-ltnH"]):
        said = capture(["ss", "-ltnpH", f"sport = :{port}"])
        if '"' in said:
            return f"taken by {said.split(chr(34))[1]}"
    return "taken by another program"
