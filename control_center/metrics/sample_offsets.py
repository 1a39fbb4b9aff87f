"""Some messages of many, each found by its offset and read alone."""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from confluent_kafka import TopicPartition

from contract.stream.batches import BatchRecord
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.pipeline.messages import Decoder, UndecodableError

TopicOffset = tuple[BatchRecord, int, int]
"""A batch, and partition and offset of one of its messages."""

PATIENCE_S = 3.0
# One message is wanted: the broker sends no more than the few that are compressed together.
SMALL = {"queued.min.messages": 1, "fetch.message.max.bytes": 16_384, "fetch.wait.max.ms": 50}


def pick(batches: Sequence[BatchRecord], count: int) -> list[TopicOffset]:
    """Up to `count` different messages of these batches, every one as likely as every other."""
    spans = [
        (batch, part, batch.start_offsets.get(part, 0), end)
        for batch in batches
        for part, end in batch.end_offsets.items()
        if end > batch.start_offsets.get(part, 0)
    ]
    ends = list(accumulate(end - start for _, _, start, end in spans))
    total = ends[-1] if ends else 0
    places = []
    for number in sorted(random.sample(range(total), min(count, total))):
        at = bisect_right(ends, number)
        batch, part, _, end = spans[at]
        places.append((batch, part, end - ends[at] + number))
    return places


def commits(
    clients: Clients, decoder: Decoder, places: Sequence[TopicOffset]
) -> Iterator[tuple[BatchRecord, float]]:
    """Each place's batch and the commit of its change, in seconds since 1970. Left out: what cannot
    be decoded, what retention took, and all that is not read within PATIENCE_S."""
    if not places:
        return
    until = time.monotonic() + PATIENCE_S
    consumer = clients.kafka.consumer(**SMALL)
    try:
        for batch, part, offset in places:
            consumer.assign([TopicPartition(TOPIC, part, offset)])
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
