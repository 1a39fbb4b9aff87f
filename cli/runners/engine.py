"""The containers of an installation that runs, as a rolling change acts on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cli.clients import health
from cli.host import docker
from cli.host.process import stream
from cli.installations import containers
from cli.installations.containers import Container
from cli.installations.local import Installation
from cli.runners.terraform import REMEDY


@dataclass(frozen=True)
class DockerEngine:
    """Implements rolling.Engine."""

    installation: Installation

    def read(self) -> dict[str, Container]:
        return containers.read(self.installation)

    def out_of_sync(self, container: Container) -> str:
        return docker.failure(container.name, *container.in_sync)

    def leads(self, container: Container) -> bool:
        return not docker.failure(container.name, *container.leads)

    def await_healthy(self, services: Collection[str]) -> None:
        wait = ["infra/wait-healthy.sh", self.installation.project, *services]
        stream(wait, remedy=REMEDY)

    def failing(self) -> Mapping[str, str] | None:
        return health.failing(self.installation)
