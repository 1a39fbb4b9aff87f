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


def ask_to_stream(release: str) -> None:
    """A driver of another release reads this and stops after its running batch."""
    _write("streaming-release", release)


def submitted(release: str) -> str:
    """The driver that was submitted for this release last; empty if none was."""
    try:
        of, driver = (ARTIFACTS / "streaming-driver").read_text().split()
    except (OSError, ValueError):
        return ""
    return driver if of == release else ""


def remember(release: str, driver: str) -> None:
    """`driver` was submitted for this release."""
    _write("streaming-driver", f"{release} {driver}")


def _write(name: str, text: str) -> None:
    """Readers see the old text or the new one, never half of it."""
    path = ARTIFACTS / name
    try:
        if path.read_text() == text:
            return
    except OSError:
        pass
    draft = path.with_name(f".{name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)
