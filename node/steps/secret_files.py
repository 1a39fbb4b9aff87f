"""The secrets of the node's containers: a file each, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from node.errors import AwsError, NotReadyError


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
            continue
        try:
            draft.write_text(store.secret(f"{project}/{name}"))
        except AwsError as error:
            raise NotReadyError(f"secret {project}/{name} cannot be read: {error.cause}") from error
        draft.chmod(0o444)
        draft.rename(file)
