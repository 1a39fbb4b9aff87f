"""Invariant 2: every offset is accounted for, and no batch leaves a gap."""

from __future__ import annotations

from contract.jobs.compare import OffsetGap, OffsetSummary, UnaccountedOffset
from contract.kafka.offsets import TopicOffset
from control_center.jobs.compare.offsets import OffsetAccount, gaps
from tests.control_center.jobs.compare.in_memory import batch, message

PLACE = TopicOffset(0, 7)
MESSAGE = message(0, 7)


def test_an_undecodable_message_needs_a_dead_letter() -> None:
    account = OffsetAccount(expected=3, read=3, events=2, undecodable={MESSAGE: "not Avro"})
    assert not account.complete
    assert account.unaccounted() == [PLACE]
    account.origins.add(MESSAGE)
    assert account.complete
    assert account.unaccounted() == []


def test_an_offset_that_was_not_read_is_missed() -> None:
    assert not OffsetAccount(expected=3, read=2, events=2).complete
    assert not OffsetAccount(expected=3, read=4, events=4).complete
    assert OffsetAccount(expected=3, read=3, events=3).complete


def test_the_summary_counts_all_and_lists_the_first() -> None:
    account = OffsetAccount(
        expected=9,
        read=8,
        events=4,
        origins={message(0, 1), message(0, 2)},
        refused={TopicOffset(0, 2)},
        undecodable={message(1, 5): "late", message(1, 3): "early", message(0, 1): "x"},
        gaps=[OffsetGap(0, 3, 5), OffsetGap(1, 0, 1)],
    )
    assert account.summary(limit=1) == OffsetSummary(
        expected=9,
        read=8,
        events=4,
        dead_letters=2,
        undecodable=3,
        unaccounted=2,
        gaps=(OffsetGap(0, 3, 5),),
        unaccounted_first=(UnaccountedOffset(1, 3, "early"),),
    )


def test_the_summary_lists_20() -> None:
    account = OffsetAccount(
        undecodable={message(0, offset): "x" for offset in range(30)},
        gaps=[OffsetGap(0, offset, offset + 1) for offset in range(30)],
    )
    summary = account.summary()
    assert (len(summary.gaps), len(summary.unaccounted_first)) == (20, 20)
    assert summary.unaccounted == 30


def test_batches_that_meet_leave_no_gap() -> None:
    batches = [batch(2, {0: 9, 1: 4}, {0: 9, 1: 7}), batch(1, {0: 5}, {0: 9, 1: 4})]
    assert gaps([*batches, batches[1]], {0: 0, 1: 0}) == []


def test_batches_that_overlap_leave_no_gap() -> None:
    assert gaps([batch(1, {0: 5}, {0: 9}), batch(1, {0: 5}, {0: 7})], {0: 0}) == []
    shorter = [batch(1, {0: 5}, {0: 9}), batch(1, {0: 6}, {0: 7}), batch(2, {0: 9}, {0: 12})]
    assert gaps(shorter, {0: 0}) == []


def test_offsets_between_batches_are_a_gap() -> None:
    batches = [batch(3, {0: 12, 1: 4}, {0: 20, 1: 5}), batch(1, {0: 5}, {0: 9, 1: 3})]
    assert gaps(batches, {}) == [OffsetGap(0, 9, 12), OffsetGap(1, 3, 4)]


def test_a_partition_without_a_start_begins_at_0() -> None:
    assert gaps([batch(1, {}, {0: 3}), batch(2, {0: 4}, {0: 5})], {}) == [OffsetGap(0, 3, 4)]


def test_offsets_that_retention_deleted_are_not_a_gap() -> None:
    batches = [batch(3, {0: 12}, {0: 20}), batch(1, {0: 5}, {0: 9})]
    assert gaps(batches, {0: 12}) == []
    assert gaps(batches, {0: 11}) == [OffsetGap(0, 11, 12)]


def test_an_empty_batch_at_the_beginning_leaves_no_gap_before_the_next() -> None:
    assert gaps([batch(1, {0: 0}, {0: 0}), batch(2, {}, {0: 3})], {}) == []


def test_a_gap_at_the_beginning_starts_at_0() -> None:
    batches = [batch(1, {0: 0}, {0: 0}), batch(2, {0: 2}, {0: 3})]
    assert gaps(batches, {}) == [OffsetGap(0, 0, 2)]
