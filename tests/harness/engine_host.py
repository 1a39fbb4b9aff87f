"""Commands on the machine of the container engine, as root: a test's user needs only the engine."""

from __future__ import annotations

from cli.host import docker
from cli.installations import services
from tests.harness.platform import Platform

# Not `--privileged`: it asks for all capabilities, and an engine in a container lacks some.
_CAPABILITIES = ("SYS_ADMIN", "SYS_PTRACE", "SYS_CHROOT", "NET_ADMIN", "NET_RAW", "KILL")
AS_ROOT = (
    *("--pid", "host", "--user", "0", "--network", "none"),
    *("--security-opt", "apparmor=unconfined", "--security-opt", "seccomp=unconfined"),
    *(word for capability in _CAPABILITIES for word in ("--cap-add", capability)),
)


def on_engine_host(platform: Platform, script: str, *arguments: str) -> str:
    """Run a bash script with the machine's programs, files and processes; `$1` and so on are the
    arguments. Returns its output, and raises CliError if it fails."""
    name = next(iter(services.containers(platform.installation).values()))
    image = docker.inspect(name)[0]["Config"]["Image"]
    root = ("--volume", "/:/machine", "--entrypoint", "chroot", image, "/machine")
    return docker.ask("run", "--rm", *AS_ROOT, *root, "bash", "-euc", script, "bash", *arguments)


def pid(platform: Platform, service: str) -> str:
    """The id of a container's first process on that machine; "0" while it does not run."""
    return str(docker.inspect(platform.container(service))[0]["State"]["Pid"])


def address(platform: Platform, service: str) -> str:
    """A container's address in the platform's network; "" while it does not run."""
    [container] = docker.inspect(platform.container(service))
    network = container["NetworkSettings"]["Networks"][platform.installation.project]
    return str(network["IPAddress"])
