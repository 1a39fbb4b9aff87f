"""A sample of messages: each message of some batches is as likely as every other."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from contract.stores.cassandra.batches import BatchRecord
from control_center.metrics.sample_offsets import SampledOffset, sample

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def batch(number: int, start: dict[int, int], end: dict[int, int]) -> BatchRecord:
    begun = NOW + timedelta(seconds=number)
    return BatchRecord(number, begun, begun, start, end, 0, 0, 0, "", "")


def test_all_messages_when_there_are_few() -> None:
    first, second = batch(1, {0: 5, 1: 0}, {0: 7, 1: 0}), batch(2, {0: 7, 1: 0}, {0: 8, 1: 2})
    assert sample([first, second], 10) == [
        SampledOffset(first, 0, 5),
        SampledOffset(first, 0, 6),
        SampledOffset(second, 0, 7),
        SampledOffset(second, 1, 0),
        SampledOffset(second, 1, 1),
    ]


def test_each_message_is_as_likely_as_every_other() -> None:
    """Two samples of 10 messages, 5,000 times: each is drawn 1,000 times, give or take 28. A seed
    makes the numbers the same in each run."""
    small, large = batch(1, {0: 100}, {0: 102}), batch(2, {0: 102, 1: 0}, {0: 106, 1: 4})
    rng = random.Random(4)
    drawn = Counter(
        (place.batch.batch_id, place.partition, place.offset)
        for _ in range(5_000)
        for place in sample([small, large], 2, rng)
    )
    assert set(drawn) == {
        (1, 0, 100),
        (1, 0, 101),
        *((2, 0, offset) for offset in range(102, 106)),
        *((2, 1, offset) for offset in range(4)),
    }
    assert max(abs(count - 1_000) for count in drawn.values()) < 120


def test_no_message_twice_in_a_sample() -> None:
    places = sample([batch(1, {0: 0}, {0: 1000})], 100)
    assert len({place.offset for place in places}) == 100


def test_no_batch_and_an_empty_batch() -> None:
    assert sample([], 10) == []
    assert sample([batch(1, {0: 5}, {0: 5})], 10) == []
