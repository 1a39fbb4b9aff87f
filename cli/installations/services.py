"""The services of an installation, as the engine shows them."""

from __future__ import annotations

from cli.host import docker
from cli.host.output import Fault
from cli.installations.local import Installation


def containers(here: Installation) -> dict[str, str]:
    """Service → container, e.g. kafka-1 → riada-kafka-1; a Fault when there are none."""
    prefix = f"{here.project}-"
    found = {
        name.removeprefix(prefix): name for name in sorted(docker.named("container", here.project))
    }
    if not found:
        raise Fault(f"project {here.project} has no containers", "bring it up first: make up")
    return found


def unhealthy(here: Installation) -> list[str]:
    """Containers that do not run or whose health check does not pass (yet)."""
    failing = []
    for container in docker.inspect(*docker.named("container", here.project)):
        state = container["State"]
        health = state.get("Health", {}).get("Status", "healthy")
        if state["Status"] != "running" or health != "healthy":
            failing.append(container["Name"].lstrip("/"))
    return sorted(failing)
