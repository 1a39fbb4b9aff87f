"""The program `backup` in the container postgres (backup/): it backs up and restores."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Any

from cli.host import docker
from cli.host.errors import CliError
from cli.host.poll import poll_until
from cli.installations import services
from cli.installations.local import Installation

SERVICE = "postgres"
DAY_S = 86400.0
# The program, in a container beside the stopped one.
BESIDE = 'backup configure; exec backup "$@"'


def container(installation: Installation) -> str:
    """The container of PostgreSQL. Raises CliError."""
    name = services.containers(installation).get(SERVICE)
    if name is None:
        raise CliError("is not on this machine", "make up starts it", SERVICE)
    return name


def is_serving(container: str) -> bool:
    """Does PostgreSQL answer in its container?"""
    command = [docker.docker(), "exec", container, "healthcheck"]
    return subprocess.run(command, capture_output=True).returncode == 0


def ask(container: str, *arguments: str, doing: str = "") -> str:
    """The output of the program in the running container; `doing`: the line of progress, for an
    argument that takes long. Raises CliError with its cause and remedy."""
    return _run([docker.docker(), "exec", container, "backup", *arguments], doing)


def ask_stopped(container: str, *arguments: str) -> str:
    """The same beside a stopped container, with its image, variables and volumes."""
    settings = docker.inspect(container)[0]["Config"]
    variables = [word for entry in settings["Env"] for word in ("--env", entry)]
    run = ["run", "--rm", "--network", "none", "--volumes-from", container, *variables]
    shell = ["--entrypoint", "bash", settings["Image"], "-euc", BESIDE, "backup"]
    return _run([docker.docker(), *run, *shell, *arguments], "")


def _run(command: Sequence[str], doing: str) -> str:
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if doing:
        poll_until(child.poll, DAY_S, 0.2, lambda: doing)
    output, errors = child.communicate()
    if child.returncode:
        raise error(errors or output)
    return output


def error(text: str) -> CliError:
    """`backup: why⏎remedy: what to do` → the error."""
    cause, _, remedy = text.strip().partition("\nremedy: ")
    lines = cause.splitlines() or ["the program backup ended without a message"]
    return CliError(lines[-1].removeprefix("backup: "), remedy or "make logs S=postgres", SERVICE)


def state(container: str) -> dict[str, Any]:
    """docker's description of the container."""
    return docker.inspect(container)[0]
