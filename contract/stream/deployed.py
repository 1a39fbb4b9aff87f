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
from contract.table.database import Database
from contract.table.paths import FOLDER
from contract.table.table import Table


@dataclass(frozen=True)
class Deployed:
    """`release` and `job` are "" before the first deploy. `databases`: other PostgreSQL servers
    that have some of the tables."""

    release: str = ""
    job: str = ""
    tables: Mapping[str, Table] = field(default_factory=dict)
    databases: Mapping[str, Database] = field(default_factory=dict)


def deployed(artifacts: Path) -> Deployed:
    """The release that should stream, with its tables. Raises OSError while the store changes, and
    TableFileError."""
    release = streaming_release(artifacts)
    if not release:
        return Deployed()
    definitions = folder.load(artifacts / RELEASES / release / FOLDER)
    return Deployed(release, job_of(artifacts, release), definitions.tables, definitions.databases)


def streaming_release(artifacts: Path) -> str:
    """The name of the release that should stream; "" before the first deploy. Raises OSError."""
    try:
        return (artifacts / STREAMING).read_text().strip()
    except FileNotFoundError:
        return ""


def job_of(artifacts: Path, release: str) -> str:
    """The job of a release. Raises FileNotFoundError if the release or its job is missing."""
    return (artifacts / RELEASES / release / JOB).read_text().strip()
