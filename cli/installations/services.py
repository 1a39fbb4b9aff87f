"""The services of an installation, from the engine."""

from __future__ import annotations

from cli.host import docker
from cli.host.errors import CliError
from cli.installations.containers import read
from cli.installations.local import Installation


def containers(installation: Installation) -> dict[str, str]:
    """Service → container, e.g. kafka-1 → riada-kafka-1; a CliError when there are none."""
    project = installation.project
    names = sorted(docker.named("container", project))
    if not names:
        raise CliError(f"project {project} has no containers", "bring it up first: make up")
    return {name.removeprefix(f"{project}-"): name for name in names}


def unhealthy(installation: Installation) -> list[str]:
    """Containers that do not run, or whose health check does not pass."""
    present = read(installation).values()
    return sorted(container.name for container in present if not container.healthy)
