"""A second container of a service: the same image, command, environment, volumes and network."""

from __future__ import annotations

from contextlib import suppress

from cli.host import docker
from cli.host.errors import CliError
from tests.harness.platform import Platform


def start_copy(platform: Platform, service: str, name: str) -> None:
    """`name`: of the new service in the network. Its own name replaces the service's in the values
    of its environment."""
    [container] = docker.inspect(platform.container(service))
    config, host = container["Config"], container["HostConfig"]
    project = platform.installation.project
    options = ["--name", f"{project}-{name}", "--hostname", name, "--network-alias", name]
    options += ["--network", project, "--label", f"riada.project={project}"]
    options += ["--label", f"riada.service={name}", "--memory", str(host["Memory"])]
    options += ["--volumes-from", platform.container(service)]
    for variable in config["Env"]:
        key, _, value = variable.partition("=")
        options += ["--env", f"{key}={name if value == service else value}"]
    command: list[str] = (config["Entrypoint"] or []) + (config["Cmd"] or [])
    entry, *rest = command
    docker.ask("run", "-d", *options, "--entrypoint", entry, config["Image"], *rest)


def remove_copy(platform: Platform, name: str) -> None:
    with suppress(CliError):
        docker.remove("container", platform.container(name))
