"""Chooses the runner of an installation: Terraform's docker provider, or the compose rendering."""

from __future__ import annotations

from cli.host.errors import CliError
from cli.host.output import progress
from cli.installations import settings
from cli.installations.local import Installation
from cli.runners.compose import ComposeRunner
from cli.runners.provider import ProviderRunner
from cli.runners.terraform import TerraformRunner


def choose(installation: Installation) -> TerraformRunner:
    """The runner that started the installation; otherwise the provider, or compose if the provider
    is not available.

    RUNNER=compose or RUNNER=provider decides instead. Whether the runner is ready to apply.
    """
    wanted = settings.runner(installation.settings)
    compose, provider = ComposeRunner(installation), ProviderRunner(installation)
    if wanted == "compose" or (wanted != "provider" and compose.file.exists()):
        return _ready(compose)
    if provider.init():
        return provider
    if wanted == "provider":
        raise CliError(
            "Terraform cannot get the docker provider (kreuzwerker/docker)",
            "terraform -chdir=infra/local init shows the cause; or RUNNER=compose",
        )
    progress(
        "NOTE: Terraform cannot get the docker provider (kreuzwerker/docker) here: "
        "the same records run through compose instead"
    )
    return _ready(compose)


def _ready(runner: ComposeRunner) -> ComposeRunner:
    if not runner.init():
        raise CliError("infra/compose cannot be set up", "terraform -chdir=infra/compose init")
    return runner
