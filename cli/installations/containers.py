"""The containers of an installation, as far as a change of them needs to know them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.host import docker
from cli.installations.local import Installation

# Labels of infra/modules/containers.
SERVICE = "riada.service"
IN_SYNC = "riada.in-sync"
LEADS = "riada.leads"
CLUSTER_SECRET = "riada.cluster-secret"
_WAIT_FOR = "WAIT_FOR="


@dataclass(frozen=True)
class Container:
    """`service`: such as kafka-1. `name`: docker's. `healthy`: it runs and passes its check.
    `waits_for`: services that must answer before it starts. `in_sync`: the command that ends with 0
    in the container once all replicas of its cluster are in sync; () for a service without.
    `leads`: the command that ends with 0 while it does what one of its kind does for all, such as
    Kafka's controller or the worker with Spark's driver. `cluster_secret`: the name of the secret
    by which it and those that wait for it authenticate each other, "" if they do not."""

    service: str
    name: str
    healthy: bool
    waits_for: frozenset[str] = frozenset()
    in_sync: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    cluster_secret: str = ""


def kind(service: str) -> str:
    """ "kafka-1" → "kafka"."""
    return service.rstrip("0123456789").rstrip("-")


def number(service: str) -> int:
    """ "kafka-1" → 1; 0 for a service without one, such as connect."""
    digits = service.removeprefix(kind(service)).lstrip("-")
    return int(digits or 0)


def read(installation: Installation) -> dict[str, Container]:
    """Service → its container, running or not."""
    described = docker.inspect(*docker.named("container", installation.project))
    return {container.service: container for container in map(parse, described)}


def parse(described: Mapping[str, Any]) -> Container:
    """`described`: a container as `docker inspect` prints it."""
    config, state = described["Config"], described["State"]
    health = state.get("Health", {}).get("Status", "healthy")
    addresses = [
        address
        for variable in config["Env"]
        if variable.startswith(_WAIT_FOR)
        for address in variable.removeprefix(_WAIT_FOR).split()
    ]
    return Container(
        service=config["Labels"][SERVICE],
        name=described["Name"].lstrip("/"),
        healthy=state["Status"] == "running" and health == "healthy",
        waits_for=frozenset(address.rsplit(":", 1)[0] for address in addresses),
        in_sync=tuple(json.loads(config["Labels"].get(IN_SYNC, "[]"))),
        leads=tuple(json.loads(config["Labels"].get(LEADS, "[]"))),
        cluster_secret=config["Labels"].get(CLUSTER_SECRET, ""),
    )
