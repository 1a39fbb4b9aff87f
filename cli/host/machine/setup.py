"""Set up the missing requirements of `make up`: Debian or Ubuntu packages, a running engine. Every
step prints its action first. A finished step does nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from cli.host import docker
from cli.host.errors import CliError
from cli.host.machine import tools
from cli.host.machine.check import Check, CheckState
from cli.host.output import progress
from cli.host.poll import poll_until
from cli.host.process import capture, stream, succeeds

BASE_IMAGE = "debian:bookworm-slim"
ENGINE_LOG = Path("/var/log/riada-dockerd.log")
_START_LIMIT_S = 60


def ensure() -> None:
    """Make sure that an engine answers, compose is installed, and the base image is available."""
    _require(tools.check_system())
    _require(tools.check_terraform())
    if packages := list(_missing_packages()):
        _install(*packages)
    if not docker.reachable():
        _start_engine()
    _ensure_base()


def ensure_chromium() -> None:
    """Install the browser of the tests, with a font."""
    if shutil.which("chromium") is None:
        _install("chromium", "fonts-dejavu-core")


def _require(check: Check) -> None:
    if check.state is CheckState.FAIL:
        cause = f"{check.measured}, required {check.required}"
        raise CliError(cause, check.remedy, check.name)


def _missing_packages() -> Iterator[str]:
    if not docker.reachable() and shutil.which("dockerd") is None:
        yield from ("docker.io", "ca-certificates")
        if not _has_systemd():
            yield "cgroupfs-mount"  # dockerd needs the hierarchies that systemd mounts elsewhere
    try:
        docker.compose()
    except CliError:
        yield "docker-compose-v2|docker-compose-plugin|docker-compose"
    for package in ("curl", "openssl"):
        if shutil.which(package) is None:
            yield package


def _install(*packages: str) -> None:
    """Install packages; `a|b` means the first of both that the distribution has."""
    if not tools.can_install():
        names = ", ".join(packages)
        raise CliError(f"not installed: {names}", "install them, or run make up as root")
    progress(f"setup: apt-get update and install of {', '.join(packages)} (as root)")
    stream([*_as_root(), "apt-get", "update", "-qq"], remedy="see the messages of apt above")
    chosen = [_first_known(package) for package in packages]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *chosen]
    stream(
        [*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", *install],
        remedy="see the messages of apt above",
    )


def _first_known(alternatives: str) -> str:
    names = alternatives.split("|")
    for name in names:
        if succeeds(["apt-cache", "show", "--quiet=0", name]):
            return name
    return names[-1]


def _start_engine() -> None:
    if shutil.which("dockerd") is None or not tools.can_install():
        raise CliError("no docker engine answers", "start it, or run make up as root")
    if _has_systemd():
        progress("setup: starting the docker engine: systemctl start docker (as root)")
        stream([*_as_root(), "systemctl", "start", "docker"], remedy="journalctl -u docker")
    else:
        progress(f"setup: starting the docker engine: dockerd in the background, log {ENGINE_LOG}")
        if succeeds(["which", "cgroupfs-mount"]):
            succeeds([*_as_root(), "cgroupfs-mount"])
        subprocess.Popen(
            [*_as_root(), "sh", "-c", f"exec dockerd >>{ENGINE_LOG} 2>&1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    _await_engine()


def _await_engine() -> None:
    if poll_until(lambda: docker.reachable() or None, _START_LIMIT_S, interval_s=0.5):
        return
    if os.geteuid() != 0 and succeeds([*_as_root(), docker.docker(), "version"]):
        remedy = "sudo usermod -aG docker $USER, log in again, then make up"
        raise CliError("the engine runs, but this user may not open its socket", remedy)
    last = capture(["tail", "-n", "20", str(ENGINE_LOG)]) if ENGINE_LOG.exists() else ""
    raise CliError(
        f"the docker engine did not start within {_START_LIMIT_S} s\n{last}".rstrip(),
        f"see its log: {ENGINE_LOG} or journalctl -u docker",
    )


def _ensure_base() -> None:
    """Pull the base image; install debootstrap, with which docker/build.sh builds it, if no
    registry has it."""
    if succeeds([docker.docker(), "image", "inspect", BASE_IMAGE]):
        return
    progress(f"setup: asking the registry for {BASE_IMAGE}")
    if succeeds([docker.docker(), "pull", "-q", BASE_IMAGE], timeout_s=120):
        return
    if shutil.which("debootstrap") is None:
        _install("debootstrap", "debian-archive-keyring")


def _has_systemd() -> bool:
    return Path("/run/systemd/system").is_dir()


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo"]
