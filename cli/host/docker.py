"""The container engine and its clients."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cli.host.errors import CliError
from cli.host.process import program

PROJECT = "riada.project"  # a label of infra/modules/containers
INSTALL = "apt-get install docker.io docker-compose (make up installs them as root)"


def docker() -> str:
    """Path of the docker client."""
    return program("docker", INSTALL)


@cache
def compose() -> tuple[str, ...]:
    """The compose command: `docker compose` (v2) where there is one, else docker-compose."""
    plugin = (docker(), "compose")
    if subprocess.run([*plugin, "version"], capture_output=True).returncode == 0:
        return plugin
    path = shutil.which("docker-compose")
    if path is None:
        raise CliError("neither `docker compose` nor docker-compose is installed", INSTALL)
    return (path,)


def reachable() -> bool:
    """Whether an engine answers."""
    if shutil.which("docker") is None:
        return False
    version = [docker(), "version", "--format", "{{.Server.Version}}"]
    return subprocess.run(version, capture_output=True).returncode == 0


def ask(*arguments: str) -> str:
    """Output of a docker command; raises CliError with docker's message when it fails."""
    done = subprocess.run([docker(), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise CliError(
            f"{arguments[0]} failed: {done.stderr.strip()}", "run make doctor", component="docker"
        )
    return done.stdout


def lines(*arguments: str) -> list[str]:
    """The words that a docker command prints, such as names."""
    return ask(*arguments).split()


# The kinds of objects of a project, in the order of removal → options of docker's rm.
KINDS = {"container": ("-f", "-v"), "volume": ("-f",), "network": ()}


def remove(kind: str, *names: str) -> None:
    """Remove containers, running or not, with their anonymous volumes; or volumes, or networks."""
    ask(kind, "rm", *KINDS[kind], *names)


def named(kind: str, project: str) -> list[str]:
    """Names of a project's containers, volumes or networks (`kind` is docker's own word)."""
    label = f"label={PROJECT}={project}"
    if kind == "container":
        return lines("ps", "-a", "--filter", label, "--format", "{{.Names}}")
    return lines(kind, "ls", "--filter", label, "--format", "{{.Name}}")


def identified(kind: str, project: str) -> dict[str, str]:
    """Name → the engine's id, of a project's containers or networks."""
    names = named(kind, project)
    ids = lines(kind, "inspect", "--format", "{{.Id}}", *names) if names else []
    return dict(zip(names, ids, strict=True))


def tail(container: str, count: int = 20) -> str:
    """A container's last log lines."""
    done = subprocess.run(
        [docker(), "logs", "--tail", str(count), container],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


def failure(container: str, *command: str) -> str:
    """What a command in a running container prints if it fails, in one line; "" if it succeeds."""
    done = execute(container, *command)
    return one_line(done) if done.returncode else ""


def execute(container: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a running container, whatever its exit code is."""
    return subprocess.run([docker(), "exec", container, *command], capture_output=True, text=True)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a command printed, or its exit code if it printed nothing."""
    return "; ".join((done.stdout + done.stderr).splitlines()) or str(done.returncode)


def inspect(*containers: str) -> list[dict[str, Any]]:
    """docker's own description of containers, as `docker inspect` prints it."""
    if not containers:
        return []
    descriptions: list[dict[str, Any]] = json.loads(ask("inspect", *containers))
    return descriptions


def compose_command(project: str, file: Path, *arguments: str) -> Sequence[str]:
    return [*compose(), "-p", project, "-f", str(file), *arguments]
