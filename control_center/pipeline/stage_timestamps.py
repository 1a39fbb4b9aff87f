"""The times at which a change reached each stage, and the durations between stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contract.stores.cassandra.batches import BatchRecord
from contract.stream.trace import StageMilliseconds


@dataclass(frozen=True)
class StageTimestamps:
    """UTC; None for a stage that the change has not reached."""

    committed: datetime | None
    on_topic: datetime | None
    batch_started: datetime | None
    written: datetime | None

    @classmethod
    def of(
        cls, committed: datetime | None, on_topic: datetime | None, batch: BatchRecord | None
    ) -> StageTimestamps:
        """The timestamps together with those of the batch that covers the change, if it is
        known."""
        return cls(
            committed,
            on_topic,
            batch.started_at if batch else None,
            batch.written_at if batch else None,
        )

    def milliseconds(self) -> StageMilliseconds:
        return StageMilliseconds(
            commit_to_topic=_between(self.committed, self.on_topic),
            topic_to_batch=_between(self.on_topic, self.batch_started),
            batch_to_written=_between(self.batch_started, self.written),
            commit_to_readable=_between(self.committed, self.written),
        )


def lsn_text(position: int) -> str:
    """A WAL position as PostgreSQL writes it: 0x16B3748 → "0/16B3748"."""
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with milliseconds; None for None."""
    return moment.isoformat(timespec="milliseconds") if moment is not None else None


def _between(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None:
        return None
    return round((end - start).total_seconds() * 1000)
