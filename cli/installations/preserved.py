"""What the engine keeps of an installation fits the folder that holds its secrets, or `up` stops.

New secrets over existing volumes would lock every service out of its own data.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from cli.host import docker
from cli.host.output import Fault
from cli.installations.local import Installation


def check(here: Installation) -> None:
    """A Fault if what the project has belongs to another folder, or to a lost one."""
    containers, volumes = (docker.named(kind, here.project) for kind in ("container", "volume"))
    elsewhere = _folders(containers) - {here.folder}
    living = sorted(folder for folder in elsewhere if folder.exists())
    if living:
        raise Fault(
            f"the containers of project {here.project} belong to another clone: {living[0]}",
            f"run make up there; or take another name and other ports: PROJECT={here.project}-2 …; "
            f"or remove that installation with all its data: {_destroy(here)}",
        )
    # Terraform makes volumes and secrets at the same time, containers after both.
    lost = here.folder if not here.folder.exists() else here.secrets
    if (containers and not here.secrets.exists()) or (volumes and not here.folder.exists()):
        names = sorted([*containers, *volumes])
        raise Fault(
            f"{lost} is missing, and with it the passwords of what project {here.project} has on "
            f"this engine: {names[0]}" + (f" and {len(names) - 1} more" if names[1:] else ""),
            "put that folder back, or run make up in the clone that has it; or remove the "
            f"containers and volumes with all their data: {_destroy(here)}",
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


def _destroy(here: Installation) -> str:
    return f"PROJECT={here.project} make destroy"
