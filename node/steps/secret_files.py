"""The secrets of the node's containers: a file each, in memory. Certificates are read again every
hour, since they are renewed while the node runs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from node.errors import AwsError, NotReadyError

CERTIFICATE = "tls-"  # begins the names of infra/certificates.sh
REFRESH_S = 3600


class SecretStore(Protocol):
    def secret(self, name: str) -> str:
        """A secret's value. Raises AwsError."""


def write_secrets(folder: Path, names: Iterable[str], project: str, store: SecretStore) -> None:
    """Write the missing secrets. Only root may enter the folder; the containers' user may read a
    file that is mounted into its container."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in names:
        file, draft = folder / name, folder / f".{name}"
        if file.exists() and file.stat().st_size:
            if name.startswith(CERTIFICATE):
                _refresh(file, f"{project}/{name}", store)
            continue
        try:
            draft.write_text(store.secret(f"{project}/{name}"))
        except AwsError as error:
            raise NotReadyError(f"secret {project}/{name} cannot be read: {error.cause}") from error
        draft.chmod(0o444)
        draft.rename(file)


def _refresh(file: Path, name: str, store: SecretStore) -> None:
    """The file keeps its inode, which the container mounts. A renewal may wait for Secrets
    Manager."""
    if time.time() - file.stat().st_mtime < REFRESH_S:
        return
    try:
        value = store.secret(name)
    except AwsError:
        return
    if value != file.read_text():
        file.chmod(0o644)
        file.write_text(value)
        file.chmod(0o444)
    os.utime(file)
