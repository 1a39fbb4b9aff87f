"""Removes an installation of any runner, also after an interrupted `make up`."""

from __future__ import annotations

import shutil

from cli.host import docker
from cli.host.errors import CliError
from cli.host.output import progress
from cli.installations.local import Installation

_ENDPOINTS_REMEDY = (
    "stop the containers of other projects that use this network; if there are none (docker "
    "network inspect), restart the engine, then make destroy"
)


def remove(installation: Installation) -> dict[str, list[str]]:
    """Remove everything with the project's label, and the installation's folder.

    Returns the removed objects by kind; raises CliError when objects are left.
    """
    project, folder = installation.project, installation.folder
    removed = {kind: _remove(kind, project) for kind in docker.KINDS}
    left = [f"{kind} {name}" for kind in docker.KINDS for name in docker.named(kind, project)]
    if left:
        raise CliError(
            f"still there: {', '.join(left)}", "make destroy again; the engine's log has the cause"
        )
    removed["folder"] = [str(folder)] if folder.exists() else []
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        raise CliError(
            f"{folder} cannot be removed", "run make destroy as the user who ran make up"
        )
    return removed


def _remove(kind: str, project: str) -> list[str]:
    names = sorted(docker.named(kind, project))
    if names:
        progress(f"removing {len(names)} {kind}s")
        try:
            docker.remove(kind, *names)
        except CliError as error:
            # an engine may lose count: https://github.com/moby/moby/issues/23302
            if "has active endpoints" in error.cause:
                raise CliError(error.cause, _ENDPOINTS_REMEDY, error.component) from None
            raise
    return names
