"""The container engine and what it needs: memory and disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from cli.host import docker
from cli.host.machine.check import Check, CheckState, required
from cli.host.machine.tools import can_install
from cli.host.paths import ROOT

# Services of the default sizes use less than 7 GiB (`make bench` prints it); the rest is a reserve.
MEMORY_GIB = 8.0
# Images (6 GiB), intermediate layers of builds, and the data of a million rows in Kafka and
# Cassandra.
DISK_GIB = 15.0


def check_engine() -> Check:
    if docker.reachable():
        return check_version(docker.ask("version", "--format", "{{.Server.Version}}").strip())
    name, requirement = "docker engine", "reachable"
    if Path("/var/run/docker.sock").exists() and not os.access("/var/run/docker.sock", os.W_OK):
        remedy = "run as root, or: sudo usermod -aG docker $USER, and log in again"
        measured = "this user may not open its socket"
        return Check(name, CheckState.FAIL, measured, requirement, remedy)
    state = CheckState.WARN if can_install() else CheckState.FAIL
    if shutil.which("dockerd") is None:
        remedy = "make up installs and starts it (as root or by sudo)"
        return Check(name, state, "not installed", requirement, remedy)
    return Check(name, state, "not running", requirement, "make up starts it (as root or by sudo)")


def check_version(version: str) -> Check:
    """Before version 28 the engine forwards packets of a neighbour to a container's address,
    although the port is published on loopback only: https://github.com/moby/moby/issues/45610"""
    major = int(version.split(".")[0])
    name = "docker engine"
    if major < 20:
        remedy = "upgrade the engine to 28 or later"
        return Check(name, CheckState.FAIL, version, "20.10", remedy)
    if major < 28:
        remedy = (
            "neighbours in this machine's network can reach the containers' ports: upgrade the "
            "engine to 28 or later, or set the firewall rule of docs/operations.md"
        )
        return Check(name, CheckState.WARN, version, "20.10, better 28", remedy)
    return Check(name, CheckState.PASS, version, "20.10")


def check_memory(project: str) -> Check:
    """`project`: the memory of its containers counts as free memory."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    total, free = kib["MemTotal"] / 2**20, kib["MemAvailable"] / 2**20
    running = docker.reachable() and bool(docker.named("container", project))
    measured, requirement = f"{total:.1f} GiB, {free:.1f} free", f"{MEMORY_GIB:.0f} GiB"
    if total < MEMORY_GIB * 0.95:
        return Check("memory", CheckState.FAIL, measured, requirement, "take a larger machine")
    if free < MEMORY_GIB * 0.9 and not running:
        remedy = "stop other programs first"
        return Check("memory", CheckState.WARN, measured, f"{requirement} free", remedy)
    return Check("memory", CheckState.PASS, measured, requirement)


def check_disk() -> Check:
    """Free space of the file system where the engine keeps images and volumes."""
    folder = ROOT
    if docker.reachable():
        root = Path(docker.ask("info", "--format", "{{.DockerRootDir}}").strip())
        folder = root if root.exists() else ROOT
    free = shutil.disk_usage(folder).free / 2**30
    built = docker.reachable() and bool(docker.ask("image", "ls", "-q", "riada/control-center"))
    needed = DISK_GIB / 3 if built else DISK_GIB
    remedy = "free some space: docker system df shows what images take"
    measured = f"{free:.0f} GiB free at {folder}"
    return required("disk", free >= needed, measured, f"{needed:.0f} GiB", remedy)
