"""Offsets of the streaming job's batches."""

from __future__ import annotations

from datetime import UTC, datetime

from control_center.pipeline.batches import Batch, offsets, waiting

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_offsets_are_numbers() -> None:
    assert offsets('{"0": 12, "10": 3}') == {0: 12, 10: 3}


def test_waiting_is_per_partition_and_never_negative() -> None:
    assert waiting({0: 10, 1: 5, 2: 4}, {0: 7, 1: 6}) == {0: 3, 1: 0, 2: 4}


def test_a_batch_covers_its_start_but_not_its_end() -> None:
    batch = Batch(1, NOW, NOW, {0: 5}, {0: 8, 1: 2}, 5, 0, 0, "abc", "driver-1")
    covered = [offset for offset in range(10) if batch.covers(0, offset)]
    assert covered == [5, 6, 7]
    assert batch.covers(1, 0)  # a partition that is new in this batch
    assert not batch.covers(2, 0)
