"""Rates of the stages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contract.stores.cassandra.batches import BatchRecord
from control_center.jobs.bench.sustained import batch_rate, rate

BEGAN = datetime(2026, 11, 22, tzinfo=UTC)


def batch(seconds: float, upserts: int) -> BatchRecord:
    written = BEGAN + timedelta(seconds=seconds)
    return BatchRecord(1, BEGAN, written, {}, {}, upserts, 0, 0, "abc", "driver-1")


def test_a_rate_is_in_rows_a_second() -> None:
    assert rate(3000, 1.5) == 2000
    assert rate(1, 100.0) is None


def test_only_batches_that_wrote_rows_count() -> None:
    assert batch_rate([batch(2, 3000), batch(60, 0), batch(1, 3000)]) == 2000


def test_without_a_busy_batch_there_is_no_rate() -> None:
    assert batch_rate([batch(60, 0)]) is None
    assert batch_rate([]) is None
    assert batch_rate([batch(0, 5)]) is None
