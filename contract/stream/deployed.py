"""The deployed release as running programs find it on the artifacts volume.

A release has the folders dags/, spark/, contract/ and tables/, and the file `job`: a hash of spark/
and contract/. A driver keeps running while releases with its job follow each other, and takes their
tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract.stream.releases import JOB, RELEASES, STREAMING
from contract.table import folder
from contract.table.table import Table


@dataclass(frozen=True)
class Deployed:
    """`release` and `job` are "" before the first deploy."""

    release: str = ""
    job: str = ""
    tables: Mapping[str, Table] = field(default_factory=dict)


def deployed(artifacts: Path) -> Deployed:
    """The release that should stream. Raises OSError while the store changes, and
    TableFileError."""
    try:
        release = (artifacts / STREAMING).read_text().strip()
    except FileNotFoundError:
        release = ""
    if not release:
        return Deployed()
    path = artifacts / RELEASES / release
    return Deployed(release, (path / JOB).read_text().strip(), folder.load(path / folder.FOLDER))
