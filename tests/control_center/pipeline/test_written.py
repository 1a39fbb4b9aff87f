"""How far the query of a table has written its topic."""

from __future__ import annotations

from control_center.pipeline.written import cut


def test_written_offsets_end_with_the_newest_batch() -> None:
    assert cut({0: 10, 1: 5}, {0: 7, 1: 5}) == {0: 7, 1: 5}


def test_nothing_is_written_of_a_topic_that_was_created_again() -> None:
    assert cut({0: 3, 1: 9}, {0: 7, 1: 8}) == {0: 0, 1: 0}


def test_a_partition_in_no_batch_is_not_read() -> None:
    assert cut({0: 10, 1: 5}, {0: 7}) == {0: 7, 1: 0}
