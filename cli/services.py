"""The services of an installation, as the engine shows them."""

from __future__ import annotations

from cli import engine
from cli.installation import Installation
from cli.output import Fault


def containers(here: Installation) -> dict[str, str]:
    """Service → container, e.g. kafka-1 → riada-kafka-1; a Fault when there are none."""
    prefix = f"{here.project}-"
    found = {
        name.removeprefix(prefix): name for name in sorted(engine.named("container", here.project))
    }
    if not found:
        raise Fault(f"project {here.project} has no containers", "bring it up first: make up")
    return found


def unhealthy(here: Installation) -> list[str]:
    """Containers that do not run or whose health check does not pass (yet)."""
    failing = []
    for container in engine.inspect(*engine.named("container", here.project)):
        state = container["State"]
        health = state.get("Health", {}).get("Status", "healthy")
        if state["Status"] != "running" or health != "healthy":
            failing.append(container["Name"].lstrip("/"))
    return sorted(failing)
