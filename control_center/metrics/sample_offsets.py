"""A sample of the messages of some batches; each message is read alone, by its offset."""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from confluent_kafka import TopicPartition

from contract.kafka.change import UndecodableError
from contract.stores.cassandra.batches import BatchRecord
from control_center.clients.clients import Clients
from control_center.pipeline.decoder import Decoder

READ_TIMEOUT_S = 3.0
# Only one message is needed, so the broker sends only the few that are compressed together. One in
# the queue is enough, which postpones the fetch of the next by 1,000 ms unless told otherwise:
# https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md
SMALL = {
    "queued.min.messages": 1,
    "fetch.message.max.bytes": 16_384,
    "fetch.wait.max.ms": 50,
    "fetch.queue.backoff.ms": 5,
}


class SampledOffset(NamedTuple):
    """A message on a table's topic, and the batch that wrote it."""

    batch: BatchRecord
    partition: int
    offset: int


def sample(
    batches: Sequence[BatchRecord], count: int, rng: random.Random | None = None
) -> list[SampledOffset]:
    """Up to `count` different messages of these batches, all with the same probability."""
    spans = [
        (batch, part, batch.start_offsets.get(part, 0), end)
        for batch in batches
        for part, end in batch.end_offsets.items()
        if end > batch.start_offsets.get(part, 0)
    ]
    ends = list(accumulate(end - start for _, _, start, end in spans))
    total = ends[-1] if ends else 0
    offsets = []
    for number in sorted((rng or random).sample(range(total), min(count, total))):
        at = bisect_right(ends, number)
        batch, part, _, end = spans[at]
        offsets.append(SampledOffset(batch, part, end - ends[at] + number))
    return offsets


def commits(
    clients: Clients, topic: str, decoder: Decoder, offsets: Sequence[SampledOffset]
) -> Iterator[tuple[BatchRecord, float]]:
    """The batch of each message, and the commit of its change in epoch seconds. Without messages
    that cannot be decoded, that retention has deleted, or that are not read in READ_TIMEOUT_S."""
    if not offsets:
        return
    until = time.monotonic() + READ_TIMEOUT_S
    consumer = clients.kafka.consumer(**SMALL)
    try:
        for batch, part, offset in offsets:
            consumer.assign([TopicPartition(topic, part, offset)])
            message = consumer.poll(max(0.0, until - time.monotonic()))
            if message is None:
                return
            if message.error() is None and message.offset() == offset:
                try:
                    yield batch, decoder.event(message.value()).committed_ms / 1000
                except UndecodableError:
                    continue
    finally:
        consumer.close()
