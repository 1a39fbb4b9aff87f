"""Does PostgreSQL's history continue what was captured?"""

from __future__ import annotations

from capture.clients.source import Source
from contract.kafka.capture import Capture


def broken(captured: Capture, source: Source) -> str | None:
    """Why the history does not continue; None if it continues. The mark rises in PostgreSQL before
    Kafka has it. So a database whose mark is below Kafka's went back in time, even if its LSN has
    passed the captured one since.
    """
    identity = source.identity
    if identity.system_identifier != captured.system_identifier:
        return (
            f"PostgreSQL is another cluster: system identifier {identity.system_identifier}, "
            f"epoch {captured.epoch} captured {captured.system_identifier}"
        )
    if identity.timeline != captured.timeline:
        return (
            f"PostgreSQL was restored or promoted: timeline {identity.timeline}, "
            f"epoch {captured.epoch} captured {captured.timeline}"
        )
    if (source.epoch, source.mark) < (captured.epoch, captured.mark) or source.lsn < captured.lsn:
        return f"PostgreSQL was restored to before {captured.at}"
    if source.epoch > captured.epoch:
        return _lost(source)
    return None


def without_record(source: Source) -> str:
    """Why Kafka has no record of the capture."""
    return _lost(source) if source.epoch else "nothing was captured before"


def _lost(source: Source) -> str:
    return f"Kafka lost its record of the capture: PostgreSQL has epoch {source.epoch}"
