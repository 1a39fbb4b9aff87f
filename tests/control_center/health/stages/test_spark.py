"""A batch as the page shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contract.stores.cassandra.batches import BatchRecord
from control_center.health.stages.spark import BatchRow, batch_row

BEGAN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def batch(seconds: float) -> BatchRecord:
    """Partition 1 is new in this batch, so it has no start offset."""
    end = BEGAN + timedelta(seconds=seconds)
    return BatchRecord(7, BEGAN, end, {0: 10}, {0: 30, 1: 5}, 20, 3, 2, "abc", "driver-1")


def test_a_batch() -> None:
    assert batch_row(batch(2.5)) == BatchRow(
        batch=7,
        written_at="2026-11-22T12:00:02.500+00:00",
        seconds=2.5,
        read=25,
        rows=23,
        dead_letters=2,
        rows_per_s=10,
        release="abc",
    )


def test_a_batch_without_duration_has_no_rate() -> None:
    """The clocks of driver and writer may differ."""
    assert batch_row(batch(0)).rows_per_s is None
    assert batch_row(batch(-1)).rows_per_s is None
