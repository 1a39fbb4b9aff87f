"""Which batch's bulk write failed last, noted beside the checkpoint for the process to come.

The connector refreshes the schema whenever a write is planned, and that call never returns in a
session whose control connection has just broken: the query's thread or the one that hands out
metrics then hangs for as long as the JVM lives. So a failed bulk write ends the driver.
"""

from __future__ import annotations

from pathlib import Path

from riada_stream.settings import Settings


def recall(settings: Settings) -> int | None:
    try:
        return int(_note(settings).read_text())
    except (FileNotFoundError, ValueError):
        return None


def remember(settings: Settings, batch_id: int) -> None:
    _note(settings).write_text(f"{batch_id}\n")


def _note(settings: Settings) -> Path:
    return settings.checkpoint.with_name(f"{settings.checkpoint.name}.failed-batch")
