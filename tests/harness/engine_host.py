"""Commands on the machine of the container engine, as root: a test's user needs only the engine."""

from __future__ import annotations

from cli.host import docker
from cli.installations import services
from tests.harness.platform import Platform

_ENTER = ("nsenter", "--target", "1", "--mount", "--uts", "--ipc", "--net", "--pid", "--")


def on_engine_host(platform: Platform, script: str, *arguments: str) -> str:
    """Run a bash script in the namespaces of the machine; `$1` and so on are the arguments. Returns
    its output, and raises CliError if it fails."""
    name = next(iter(services.containers(platform.installation).values()))
    image = docker.inspect(name)[0]["Config"]["Image"]
    allowed = ("--privileged", "--pid", "host", "--network", "none", "--user", "0")
    entry = ("--entrypoint", _ENTER[0], image, *_ENTER[1:])
    return docker.ask("run", "--rm", *allowed, *entry, "bash", "-euc", script, "bash", *arguments)


def pid(platform: Platform, service: str) -> str:
    """The id of a container's first process on that machine; "0" while it does not run."""
    return str(docker.inspect(platform.container(service))[0]["State"]["Pid"])


def address(platform: Platform, service: str) -> str:
    """A container's address in the platform's network; "" while it does not run."""
    [container] = docker.inspect(platform.container(service))
    network = container["NetworkSettings"]["Networks"][platform.installation.project]
    return str(network["IPAddress"])
