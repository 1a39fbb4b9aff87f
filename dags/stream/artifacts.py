"""What stands on the artifacts volume: the deployed release, and the one that should stream."""

from __future__ import annotations

import os
from pathlib import Path

ARTIFACTS = Path(os.environ.get("ARTIFACTS", "/artifacts"))


def current() -> str:
    """The deployed release; empty before the first deploy."""
    try:
        return (ARTIFACTS / "current").readlink().name
    except OSError:
        return ""


def streaming() -> str:
    """The release whose driver should run: set by deploy-dags once Airflow has parsed the release.

    A driver of another one reads it, too, and stops after its running batch.
    """
    try:
        return (ARTIFACTS / "streaming-release").read_text().strip()
    except OSError:
        return ""


def submitted(release: str) -> str:
    """The driver that was submitted for this release last; empty if none was."""
    try:
        of, driver = (ARTIFACTS / "streaming-driver").read_text().split()
    except (OSError, ValueError):
        return ""
    return driver if of == release else ""


def remember(release: str, driver: str) -> None:
    """`driver` was submitted for this release. Readers see all of it or the one before."""
    draft = ARTIFACTS / ".streaming-driver"
    draft.write_text(f"{release} {driver}")
    draft.replace(ARTIFACTS / "streaming-driver")
