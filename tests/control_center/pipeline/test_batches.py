"""The lag of the streaming job."""

from __future__ import annotations

from control_center.pipeline.batches import waiting


def test_waiting_is_per_partition_and_never_negative() -> None:
    assert waiting({0: 10, 1: 5, 2: 4}, {0: 7, 1: 6}) == {0: 3, 1: 0, 2: 4}
