"""Where a secret could show: container settings, image history, logs, process lists, files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from cli.host import docker


def leaks(
    secrets: Mapping[str, str],
    containers: Sequence[str],
    images: Sequence[str],
    files: Sequence[Path],
) -> set[tuple[str, str]]:
    """(secret's name, where it shows), e.g. ("postgres-ingest", "process of riada-connect")."""
    return found(secrets, _places(containers, images, files))


def found(secrets: Mapping[str, str], places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """(secret's name, place) for every secret whose value is in a place's text."""
    return {
        (name, where)
        for where, text in places
        for name, secret in secrets.items()
        if secret in text
    }


def _places(
    containers: Sequence[str], images: Sequence[str], files: Sequence[Path]
) -> Iterator[tuple[str, str]]:
    for container in containers:
        yield f"docker inspect {container}", docker.ask("inspect", container)
        yield f"docker logs {container}", docker.tail(container, 1_000_000)
        yield f"process of {container}", docker.ask("top", container, "-eo", "pid,args")
    for image in images:
        yield f"history of {image}", docker.ask("history", "--no-trunc", image)
        yield f"docker inspect {image}", docker.ask("image", "inspect", image)
    for file in files:
        yield f"file {file}", file.read_text(errors="replace")
    everyone = subprocess.run(["ps", "-ww", "-eo", "args"], text=True, capture_output=True).stdout
    yield "this machine's process list", everyone
