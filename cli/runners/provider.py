"""infra/local: one container for each record, by Terraform's docker provider."""

from __future__ import annotations

from cli.host import docker
from cli.host.output import progress
from cli.host.process import stream
from cli.runners.terraform import REMEDY, TerraformRunner


class ProviderRunner(TerraformRunner):
    name = "local"

    def apply(self) -> None:
        self.remove_unrecorded()
        stream(self._apply_command(), environment=self.environment, remedy=REMEDY)

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
