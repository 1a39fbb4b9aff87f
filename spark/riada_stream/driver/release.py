"""Which release should stream."""

from __future__ import annotations

from riada_stream.settings import Settings


def superseded(settings: Settings) -> bool:
    """Does the artifacts store name another release? While it names none, this one runs on."""
    try:
        wanted = settings.wanted_release_file.read_text().strip()
    except FileNotFoundError:
        return False
    return bool(wanted) and wanted != settings.release
