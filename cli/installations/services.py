"""The services of an installation, from the engine."""

from __future__ import annotations

from cli.host import docker
from cli.host.errors import CliError
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
    failing = []
    for container in docker.inspect(*docker.named("container", installation.project)):
        state = container["State"]
        health = state.get("Health", {}).get("Status", "healthy")
        if state["Status"] != "running" or health != "healthy":
            failing.append(container["Name"].lstrip("/"))
    return sorted(failing)
