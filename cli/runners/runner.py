"""The two ways one description runs here: Terraform's docker provider, or its compose rendering."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli.host import docker
from cli.host.output import Fault, progress
from cli.host.process import capture, stream, succeeds
from cli.installations.local import Installation

_INIT_LIMIT_S = 180


class Target:
    """One Terraform root with its state in the installation's folder."""

    name: str

    def __init__(self, here: Installation) -> None:
        self.here = here
        self.state = here.folder / f"{self.name}.tfstate"
        self.environment = {"TF_DATA_DIR": str(here.folder / f"terraform-{self.name}")}
        self._terraform = ("terraform", f"-chdir=infra/{self.name}")

    def init(self) -> bool:
        """Fetch what the root needs: False when a provider cannot be had."""
        self.here.folder.mkdir(parents=True, exist_ok=True)
        backend = f"-backend-config=path={self.state}"
        init = [*self._terraform, "init", "-input=false", "-no-color", backend]
        return succeeds(init, environment=self.environment, timeout_s=_INIT_LIMIT_S)

    def output(self, name: str) -> Any:
        """An output of the last apply, e.g. `urls`."""
        shown = [*self._terraform, "output", "-json", name]
        return json.loads(capture(shown, environment=self.environment))

    def _applying(self) -> list[str]:
        options = ("-input=false", "-auto-approve", "-no-color")
        return [*self._terraform, "apply", *options, *self.here.terraform_variables()]

    def apply(self) -> None:
        raise NotImplementedError


class Provider(Target):
    """infra/local: one container per record, by the docker provider."""

    name = "local"

    def apply(self) -> None:
        self.remove_unknown()
        remedy = "the lines above tell; then make up again"
        stream(self._applying(), environment=self.environment, remedy=remedy)

    def remove_unknown(self) -> None:
        """Remove the project's containers and networks that an interrupted apply did not record.

        Known by their ids: a volume may have a container's name.
        """
        known = self.state.read_text() if self.state.exists() else ""
        for kind in ("container", "network"):
            for name, number in docker.identified(kind, self.here.project).items():
                if number not in known:
                    progress(f"removing {kind} {name}, left by an interrupted run")
                    docker.remove(kind, name)


class Compose(Target):
    """infra/compose: the same records as the text of a compose file."""

    name = "compose"

    def render(self) -> None:
        """Write compose.json and the secrets it names."""
        capture(self._applying(), environment=self.environment)
        self.file.write_text(self.output("compose"))
        secrets = [str(self.here.secrets), *self.output("secrets")]
        capture(["infra/secrets.sh", "make", *secrets])

    def apply(self) -> None:
        self.render()
        up = docker.compose_command(
            self.here.project, self.file, "up", "-d", "--remove-orphans", "--no-build"
        )
        stream(up, remedy="the lines above tell; then make up again")
        wait = ["infra/wait-healthy.sh", self.here.project, *self.output("services")]
        stream(wait, remedy="the lines above tell; then make up again")

    @property
    def file(self) -> Path:
        return self.here.folder / "compose.json"


def choose(here: Installation) -> Target:
    """The way this installation was brought up; else the provider, or compose where it lacks.

    RUNNER=compose or RUNNER=provider decides instead.
    """
    asked = here.chosen.get("RUNNER", "")
    if asked not in ("", "compose", "provider"):
        raise Fault(f"RUNNER={asked} is no way to run", "RUNNER=provider or RUNNER=compose")
    compose, provider = Compose(here), Provider(here)
    if asked != "provider" and (asked == "compose" or compose.file.exists()):
        target: Target = compose
    elif provider.init():
        return provider
    elif asked == "provider":
        raise Fault(
            "terraform cannot get the docker provider (kreuzwerker/docker)",
            "terraform -chdir=infra/local init tells why; or RUNNER=compose",
        )
    else:
        progress(
            "NOTE: terraform cannot get the docker provider (kreuzwerker/docker) here: "
            "the same records run through compose instead"
        )
        target = compose
    if not target.init():
        raise Fault("infra/compose cannot be set up", "terraform -chdir=infra/compose init")
    return target
