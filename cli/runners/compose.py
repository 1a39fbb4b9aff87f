"""infra/compose: the same records as the text of a compose file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from cli.host import docker
from cli.host.process import capture, stream
from cli.installations.containers import SERVICE
from cli.runners.terraform import REMEDY, TerraformRunner

# Compose's own label; it replaces a container whose label differs.
CONFIG_HASH = "com.docker.compose.config-hash"


class ComposeRunner(TerraformRunner):
    name = "compose"

    def render(self) -> None:
        """Write compose.json, and the secrets that it names."""
        variables = self.installation.terraform_variables()
        command = self._command("apply", "-auto-approve", *variables)
        capture(command, environment=self.environment, remedy=REMEDY)
        self.file.write_text(self.output("compose"))
        secrets = [str(self.installation.secrets), *self.output("secrets")]
        capture(["infra/secrets.sh", "make", *secrets])
        names = self.output("certificates").items()
        services = [f"{service}={','.join(hosts)}" for service, hosts in names]
        folder = str(self.installation.secrets)
        capture(["infra/certificates.sh", "make", folder, *services])

    def plan(self) -> None:
        self.render()

    def pending(self) -> set[str]:
        project = self.installation.project
        hashes = capture(docker.compose_command(project, self.file, "config", "--hash", "*"))
        wanted = dict(line.split() for line in hashes.splitlines())
        present = {
            labels[SERVICE]: labels.get(CONFIG_HASH)
            for container in docker.inspect(*docker.named("container", project))
            for labels in [container["Config"]["Labels"]]
        }
        return {service for service in wanted if present.get(service) != wanted[service]}

    def apply(self, services: Collection[str] = ()) -> None:
        project = self.installation.project
        only = ("--no-deps", *services) if services else ("--remove-orphans",)
        up = ("up", "-d", "--no-build", *only)
        stream(docker.compose_command(project, self.file, *up), remedy=REMEDY)
        if not services:
            stream(["infra/wait-healthy.sh", project, *self.output("services")], remedy=REMEDY)

    @property
    def file(self) -> Path:
        return self.installation.folder / "compose.json"
