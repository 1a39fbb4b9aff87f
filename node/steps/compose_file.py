"""The node's compose file: which images, secrets and variables it names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ComposeFile:
    images: tuple[str, ...]  # tags, e.g. "riada/kafka:1f0c9a31c2d0"
    secrets: tuple[str, ...]  # names, e.g. "postgres-debezium"


def parse(text: str, secrets: Path) -> ComposeFile:
    """`secrets` is the folder from which containers mount their secrets, one file each.

    Raises KeyError or ValueError for text that modules/compose does not write.
    """
    services = json.loads(text)["services"].values()
    sources = {Path(mount["source"]) for service in services for mount in service["volumes"]}
    return ComposeFile(
        images=tuple(sorted({service["image"] for service in services})),
        secrets=tuple(sorted(path.name for path in sources if path.parent == secrets)),
    )


def environments(text: str) -> dict[str, dict[str, str]]:
    """Name of a container → its environment, without variables that have the machine's value."""
    return {
        service["container_name"]: {
            name: value.replace("$$", "$")
            for name, value in service["environment"].items()
            if value is not None
        }
        for service in json.loads(text)["services"].values()
    }


def image_key(tag: str) -> str:
    """Key of an image in the bucket, as `make upload` writes it."""
    return f"images/{tag.replace('/', '-').replace(':', '-')}.tar.gz"
