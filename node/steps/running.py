"""The node's running containers: which of them compose would change, and which lack replicas."""

from __future__ import annotations

import json
import subprocess

from node.commands import last_line, run
from node.config import Config
from node.errors import NotReadyError
from node.steps.compose_file import environments

# Labels of compose, and of infra/modules/containers: the command, as a JSON list.
SERVICE, CONFIG_HASH = "com.docker.compose.service", "com.docker.compose.config-hash"
IN_SYNC = "riada.in-sync"
IN_SYNC_TIMEOUT_S = 60


def changed_services(config: Config) -> list[str]:
    """Services whose running container `docker compose up` would replace or remove.

    Compose replaces a container whose label has another hash than the service in the file.
    """
    compose = ("docker", "compose", "-p", config.project, "-f", str(config.compose))
    described = _lines(*compose, "config", "--hash", "*")
    form = f'{{{{.Label "{SERVICE}"}}}} {{{{.Label "{CONFIG_HASH}"}}}}'
    running = _lines("docker", "ps", *_of(config.project), "--format", form)
    return sorted({line.split(" ")[0] for line in {*running} - {*described}})


def out_of_sync(config: Config, *filters: str) -> str:
    """The first running container whose cluster lacks a replica, and what its command says; "" if
    every replica is in sync. `filters` are further filters of `docker ps`, e.g. "health=healthy".

    The command has the environment of the compose file, whose cluster may have more members than
    the running container knows.
    """
    wanted = environments(config.compose.read_text())
    form = f'{{{{.Names}}}}\t{{{{.Label "{IN_SYNC}"}}}}'
    filters = (*_of(config.project), *_filters(f"label={IN_SYNC}", *filters))
    for line in sorted(_lines("docker", "ps", *filters, "--format", form)):
        name, _, label = line.partition("\t")
        if not (command := json.loads(label)):
            continue
        variables = [f"--env={key}={value}" for key, value in wanted.get(name, {}).items()]
        # timeout runs in the container: what `docker exec` started outlives it
        limited = ("timeout", str(IN_SYNC_TIMEOUT_S), *command)
        done = run("docker", "exec", *variables, name, *limited)
        if done.returncode:
            return f"{name}: {last_line(done.stdout)}"
    return ""


def _of(project: str) -> tuple[str, ...]:
    return _filters(f"label=com.docker.compose.project={project}")


def _filters(*filters: str) -> tuple[str, ...]:
    return tuple(part for each in filters for part in ("--filter", each))


def _lines(*command: str) -> list[str]:
    """Lines of stdout; docker writes warnings to stderr."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NotReadyError(f"{command[0]} {command[1]}: {last_line(done.stderr)}")
    return done.stdout.splitlines()
