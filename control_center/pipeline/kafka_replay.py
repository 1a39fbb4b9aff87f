"""A `ReplayPlatform` that uses the platform's own clients."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from confluent_kafka import KafkaError, Producer

from contract.kafka import topics
from contract.kafka.offsets import TopicOffset
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline import messages, row_repository
from control_center.pipeline.dead_letter import DeadLetter
from control_center.pipeline.decoder import Decoder
from control_center.pipeline.erasures.erasures import Erasures
from control_center.pipeline.erasures.selection import Selection
from control_center.pipeline.replay_platform import Delivered
from control_center.pipeline.topic_message import TopicMessage, place


class KafkaReplayPlatform:
    """Implements `ReplayPlatform` for one table with the platform's clients and its own
    producer."""

    def __init__(self, clients: Clients, table: Table) -> None:
        self._clients, self._table = clients, table
        self.decoder = Decoder(clients, table)
        self._producer: Producer = clients.kafka.producer()

    def dead_letters(self, wanted: Collection[TopicOffset] | None) -> Iterator[TopicMessage]:
        kafka, topic = self._clients.kafka, topics.dead_letters(self._table).name
        starts, ends = wanted_ranges(wanted, kafka.earliest(topic), kafka.offsets(topic))
        for message in messages.read(self._clients, starts, ends, topic):
            if wanted is None or place(message) in wanted:
                yield TopicMessage.of(message)

    def held(self, keys: Collection[str]) -> set[str]:
        return row_repository.held_in_postgres(self._clients, self._table, keys)

    def erased(self) -> Selection:
        return Erasures.of(self._clients).selection(self._table)

    def produce(self, dead_letter: DeadLetter, delivered: Delivered) -> None:
        def on_delivery(error: KafkaError | None, _: Any) -> None:
            delivered(error.str() if error else None)

        assert dead_letter.partition is not None
        self._producer.produce(
            topics.events(self._table).name,
            dead_letter.value,
            dead_letter.key,
            dead_letter.partition,
            on_delivery=on_delivery,
            timestamp=dead_letter.timestamp_ms(),
            headers=dead_letter.sent_headers(),
        )

    def poll(self, timeout_s: float) -> None:
        self._producer.poll(timeout_s)

    def flush(self, timeout_s: float) -> int:
        return int(self._producer.flush(timeout_s))


def wanted_ranges(
    wanted: Collection[TopicOffset] | None, earliest: dict[int, int], ends: dict[int, int]
) -> tuple[dict[int, int], dict[int, int]]:
    """First offset and end (exclusive) of each partition to read."""
    if wanted is None:
        return earliest, ends
    starts: dict[int, int] = {}
    stops: dict[int, int] = {}
    for partition, offset in wanted:
        starts[partition] = min(starts.get(partition, offset), offset)
        stops[partition] = max(stops.get(partition, 0), offset + 1)
    return (
        {part: max(start, earliest.get(part, 0)) for part, start in starts.items()},
        {part: min(stop, ends.get(part, 0)) for part, stop in stops.items()},
    )
