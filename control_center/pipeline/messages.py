"""Messages of a topic, read by partition and offset."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from confluent_kafka import Message, TopicPartition

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.pipeline.topic_message import place

AT_ONCE = 2000
POLL_S = 0.5
SILENCE_S = 20


def read(
    clients: Clients,
    start: Mapping[int, int],
    end: Mapping[int, int],
    topic: str,
    **options: Any,
) -> Iterator[Message]:
    """Every message from start to end (exclusive) of each partition. `options` are librdkafka's.

    Raises UnreachableError if the brokers deliver nothing for SILENCE_S.
    """
    remaining = {part: stop for part, stop in end.items() if start.get(part, 0) < stop}
    if not remaining:
        return
    consumer = clients.kafka.consumer(**options)
    try:
        consumer.assign([TopicPartition(topic, part, start.get(part, 0)) for part in remaining])
        received_at = time.monotonic()
        wanted = sum(stop - start.get(part, 0) for part, stop in remaining.items())
        while remaining:
            # If fewer messages exist than are requested, `consume` waits POLL_S for the rest.
            for message in consumer.consume(min(AT_ONCE, max(1, wanted)), POLL_S):
                error = message.error()
                if error is not None:
                    raise UnreachableError(clients.kafka.component, error.str())
                received_at = time.monotonic()
                part, offset = place(message)
                if offset >= end[part]:
                    continue
                wanted -= 1
                yield message
                if offset + 1 >= end[part] and remaining.pop(part, None) is not None and remaining:
                    consumer.incremental_unassign([TopicPartition(topic, part)])
            if time.monotonic() - received_at > SILENCE_S:
                raise UnreachableError(
                    clients.kafka.component,
                    f"the cluster delivers no messages for {SILENCE_S} s",
                )
    finally:
        consumer.close()


def read_one(clients: Clients, topic: str, partition: int, offset: int) -> Message | None:
    """The topic's message at this offset, or None if retention has deleted it."""
    if offset < clients.kafka.earliest(topic).get(partition, 0):
        return None
    return next(read(clients, {partition: offset}, {partition: offset + 1}, topic), None)
