"""How far the query of a table has written its topic."""

from __future__ import annotations

from control_center.pipeline.written import cut


def test_written_offsets_end_with_the_newest_batch() -> None:
    assert cut({0: 10, 1: 5}, {0: 7, 1: 5}) == {0: 7, 1: 5}


def test_a_topic_that_was_created_again_ends_before_the_batch() -> None:
    assert cut({0: 3}, {0: 7}) == {0: 3}


def test_a_partition_in_no_batch_is_not_read() -> None:
    assert cut({0: 10, 1: 5}, {0: 7}) == {0: 7, 1: 0}
