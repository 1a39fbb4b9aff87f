"""Decides whether another release should stream."""

from __future__ import annotations

from riada_stream.settings import Settings


def is_superseded(settings: Settings) -> bool:
    """Whether the artifacts store names another release. This release continues while the store
    names none."""
    try:
        wanted = settings.wanted_release_file.read_text().strip()
    except FileNotFoundError:
        return False
    return bool(wanted) and wanted != settings.release
