"""Is another release to stream?"""

from __future__ import annotations

from riada_stream.settings import Settings


def is_superseded(settings: Settings) -> bool:
    """Does the artifacts store name another release? This one continues while it names none."""
    try:
        wanted = settings.wanted_release_file.read_text().strip()
    except FileNotFoundError:
        return False
    return bool(wanted) and wanted != settings.release
