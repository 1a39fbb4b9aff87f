"""A small file on the Control Center's volume that is replaced as a whole."""

from __future__ import annotations

from pathlib import Path


def write(file: Path, text: str) -> None:
    """A reader sees the complete old or the complete new file. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
