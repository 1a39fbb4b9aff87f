"""A runner: a Terraform root that starts an installation on this machine."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from cli.host.process import capture, succeeds
from cli.installations.local import Installation

_INIT_LIMIT_S = 180
REMEDY = "see the lines above; then make up again"


class TerraformRunner:
    """A root below infra/ with its state in the installation's folder; `name` is the root's."""

    name: str

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        folder = installation.folder
        self.state = folder / f"{self.name}.tfstate"
        self.environment = {"TF_DATA_DIR": str(folder / f"terraform-{self.name}")}
        self._terraform = ("terraform", f"-chdir=infra/{self.name}")

    def init(self) -> bool:
        """Download the root's providers; False when a provider is not available."""
        self.installation.folder.mkdir(parents=True, exist_ok=True)
        backend = f"-backend-config=path={self.state}"
        init = [*self._terraform, "init", "-input=false", "-no-color", backend]
        return succeeds(init, environment=self.environment, timeout_s=_INIT_LIMIT_S)

    def output(self, name: str) -> Any:
        """An output of the last apply, e.g. `urls`."""
        command = [*self._terraform, "output", "-json", name]
        return json.loads(capture(command, environment=self.environment))

    def plan(self) -> None:
        """Raises CliError if Terraform refuses a setting; changes no container."""
        raise NotImplementedError

    def pending(self) -> set[str]:
        """Services whose container `apply` would make or replace, by the last plan."""
        raise NotImplementedError

    def apply(self, services: Collection[str] = ()) -> None:
        """Start the installation; returns once every container is healthy. `services`: make or
        replace the containers of these only, and do not wait."""
        raise NotImplementedError

    def _command(self, name: str, *options: str) -> list[str]:
        return [*self._terraform, name, "-input=false", "-no-color", *options]
