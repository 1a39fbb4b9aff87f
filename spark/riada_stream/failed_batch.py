"""Which batch's bulk write failed last, noted in the checkpoint for the process to come.

The connector refreshes the schema whenever a write is planned, and that call never returns in a
session whose control connection has just broken: the query's thread or the one that hands out
metrics then hangs for as long as the JVM lives. So a failed bulk write ends the driver.
"""

from __future__ import annotations

from riada_stream.settings import Settings

NOTE = "failed-batch"


def recall(settings: Settings) -> int | None:
    try:
        return int(settings.checkpoint.read(NOTE) or "")
    except ValueError:
        return None


def remember(settings: Settings, batch_id: int) -> None:
    settings.checkpoint.write(NOTE, f"{batch_id}\n")
