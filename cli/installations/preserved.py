"""Do the containers and volumes of an installation belong to the folder that holds its secrets?

`make up` stops when they do not: new secrets over existing volumes would lock every service out of
its own data.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from cli.host import docker
from cli.host.errors import CliError
from cli.installations.local import Installation


def check(installation: Installation) -> None:
    """Raises CliError if the project's containers or volumes belong to another or a lost folder."""
    project = installation.project
    containers, volumes = (docker.named(kind, project) for kind in ("container", "volume"))
    elsewhere = _folders(containers) - {installation.folder}
    living = sorted(folder for folder in elsewhere if folder.exists())
    if living:
        raise CliError(
            f"the containers of project {project} belong to another clone: {living[0]}",
            f"run make up there; or choose another name and other ports: PROJECT={project}-2 …; "
            f"or remove that installation with all its data: {_destroy(installation)}",
        )
    # Terraform makes volumes and secrets at the same time, containers after both.
    lost = installation.folder if not installation.folder.exists() else installation.secrets
    if (containers and not installation.secrets.exists()) or (
        volumes and not installation.folder.exists()
    ):
        names = sorted([*containers, *volumes])
        raise CliError(
            f"{lost} is missing, and with it the passwords of the containers and volumes that "
            f"project {project} has on this engine: {names[0]}"
            + (f" and {len(names) - 1} more" if names[1:] else ""),
            "put that folder back, or run make up in the clone that has it; or remove the "
            f"containers and volumes with all their data: {_destroy(installation)}",
        )


def _folders(containers: list[str]) -> set[Path]:
    """Installation folders whose secrets the containers mount."""
    mounts = [mount for shown in docker.inspect(*containers) for mount in shown["Mounts"]]
    secrets = {
        PurePosixPath(mount["Source"]).parent
        for mount in mounts
        if mount["Destination"].startswith("/run/secrets/")
    }
    return {Path(folder.parent) for folder in secrets if folder.name == "secrets"}


def _destroy(installation: Installation) -> str:
    return f"PROJECT={installation.project} make destroy"
