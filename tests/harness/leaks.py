"""Search for secrets in container settings, image history, logs, process lists and files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from cli.host import docker

# A certificate begins as others do, so its second line.
_PEM = re.compile("-----BEGIN (?:PRIVATE KEY-----\n|CERTIFICATE-----\n.*\n)(.*)\n")


def leaks(
    secrets: Mapping[str, str],
    containers: Sequence[str],
    images: Sequence[str],
    files: Sequence[Path],
) -> set[tuple[str, str]]:
    """(name of a secret, place), e.g. ("postgres-ingest", "process of riada-connect")."""
    return occurrences(secrets, _places(containers, images, files))


def occurrences(
    secrets: Mapping[str, str], places: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """(name of a secret, place) for every secret whose value is in the text of a place."""
    searched = {name: one_line(secret) for name, secret in secrets.items()}
    return {
        (name, place)
        for place, text in places
        for name, secret in searched.items()
        if secret in text
    }


def one_line(secret: str) -> str:
    """The secret, or the first line of a private key or a certificate: JSON, for example, has other
    line ends."""
    match = _PEM.search(secret)
    return match[1] if match else secret


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
    processes = subprocess.run(["ps", "-ww", "-eo", "args"], text=True, capture_output=True).stdout
    yield "this machine's process list", processes
