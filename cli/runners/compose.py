"""infra/compose: the same records as the text of a compose file."""

from __future__ import annotations

from pathlib import Path

from cli.host import docker
from cli.host.process import capture, stream
from cli.runners.terraform import REMEDY, TerraformRunner


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

    def plan(self) -> None:
        self.render()

    def apply(self) -> None:
        project = self.installation.project
        up = ("up", "-d", "--remove-orphans", "--no-build")
        stream(docker.compose_command(project, self.file, *up), remedy=REMEDY)
        stream(["infra/wait-healthy.sh", project, *self.output("services")], remedy=REMEDY)

    @property
    def file(self) -> Path:
        return self.installation.folder / "compose.json"
