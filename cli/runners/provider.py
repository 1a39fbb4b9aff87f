"""infra/local: one container for each record, by Terraform's docker provider."""

from __future__ import annotations

from pathlib import Path

from cli.host import docker
from cli.host.output import progress
from cli.host.process import capture, stream
from cli.runners.terraform import REMEDY, TerraformRunner


class ProviderRunner(TerraformRunner):
    name = "local"

    def plan(self) -> None:
        variables = self.installation.terraform_variables()
        command = self._command("plan", f"-out={self._plan}", *variables)
        capture(command, environment=self.environment, remedy=REMEDY)

    def apply(self) -> None:
        self.remove_unrecorded()
        apply = self._command("apply", str(self._plan))
        stream(apply, environment=self.environment, remedy=REMEDY)

    @property
    def _plan(self) -> Path:
        return self.installation.folder / "local.tfplan"

    def remove_unrecorded(self) -> None:
        """Remove the project's containers and networks that an interrupted apply did not record.

        The comparison is by id, because a volume may have a container's name.
        """
        state = self.state.read_text() if self.state.exists() else ""
        for kind in ("container", "network"):
            for name, identifier in docker.identified(kind, self.installation.project).items():
                if identifier not in state:
                    progress(f"removing {kind} {name}, left by an interrupted run")
                    docker.remove(kind, name)
