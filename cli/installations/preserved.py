"""Do the containers and volumes of an installation belong to the folder that holds its secrets?

If they do not, `make up` stops, because new secrets would lock every service out of its existing
data.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from cli.host import docker
from cli.host.errors import CliError
from cli.installations.local import Installation


def check(installation: Installation) -> None:
    """Raises CliError if the project's containers or volumes belong to another or a lost folder."""
    containers = docker.named("container", installation.project)
    volumes = docker.named("volume", installation.project)
    _check_other_clone(installation, containers)
    _check_lost_secrets(installation, containers, volumes)


def _check_other_clone(installation: Installation, containers: list[str]) -> None:
    project = installation.project
    others = _folders(containers) - {installation.folder}
    existing = sorted(folder for folder in others if folder.exists())
    if existing:
        raise CliError(
            f"the containers of project {project} belong to another clone: {existing[0]}",
            f"run make up there; or choose another name and other ports: PROJECT={project}-2 …; "
            f"or remove that installation with all its data: {_destroy(installation)}",
        )


def _check_lost_secrets(
    installation: Installation, containers: list[str], volumes: list[str]
) -> None:
    """Terraform makes volumes and secrets at the same time, and containers after both."""
    folder, secrets = installation.folder, installation.secrets
    lost = folder if not folder.exists() else secrets
    if (containers and not secrets.exists()) or (volumes and not folder.exists()):
        names = sorted([*containers, *volumes])
        more = f" and {len(names) - 1} more" if names[1:] else ""
        raise CliError(
            f"{lost} is missing, and with it the passwords of the containers and volumes that "
            f"project {installation.project} has on this engine: {names[0]}{more}",
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
