"""The containers of an installation that runs, as a rolling change acts on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cli.clients import health
from cli.host import docker
from cli.host.errors import CliError
from cli.host.process import stream
from cli.installations import containers
from cli.installations.containers import Container
from cli.installations.local import Installation
from cli.runners.encryption import RESTART
from cli.runners.terraform import REMEDY


@dataclass(frozen=True)
class DockerEngine:
    """Implements encryption.Engine."""

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

    def require_encryption(self, service: str) -> tuple[int, str]:
        name = f"{self.installation.project}-{service}"
        done = docker.execute(name, "encryption", "require")
        if done.returncode not in (0, RESTART):
            raise CliError(
                f"still accepts clear text: {docker.one_line(done)}",
                f"make logs S={service} shows the cause; then run make up again",
                service,
            )
        return done.returncode, done.stdout.strip()

    def restart(self, service: str) -> None:
        docker.ask("restart", f"{self.installation.project}-{service}")

    def failing(self) -> Mapping[str, str] | None:
        return health.failing(self.installation)
