"""infra/local: one container for each record, by Terraform's docker provider."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from cli.host import docker
from cli.host.output import progress
from cli.host.process import capture, stream
from cli.runners.terraform import REMEDY, TerraformRunner

_CONTAINER = "docker_container.service"


class ProviderRunner(TerraformRunner):
    name = "local"
    _is_planned = False

    def plan(self, only: Collection[str] = ()) -> None:
        """`only`: addresses of resources; by default all."""
        variables = self.installation.terraform_variables()
        targets = [f"-target={address}" for address in only]
        command = self._command("plan", f"-out={self._plan}", *targets, *variables)
        capture(command, environment=self.environment, remedy=REMEDY)
        self._is_planned = True

    def pending(self) -> set[str]:
        show = [*self._terraform, "show", "-json", str(self._plan)]
        shown = capture(show, environment=self.environment)
        return {
            change["index"]
            for change in json.loads(shown)["resource_changes"]
            if f"{change['type']}.{change['name']}" == _CONTAINER
            and "create" in change["change"]["actions"]
        }

    def apply(self, services: Collection[str] = ()) -> None:
        """A plan serves once: what it applies changes the state."""
        self.remove_unrecorded()
        if services or not self._is_planned:
            self.plan([f'{_CONTAINER}["{service}"]' for service in services])
        self._is_planned = False
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
