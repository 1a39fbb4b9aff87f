"""Sends dead letters again: their bytes and headers to the topic they came from, each once.

A replay changes nothing that is newer: the sink orders changes by the source's commits
(invariant 3). A dead letter whose cause persists comes back as a new dead letter.

An erased person does not come back (invariant 7). A dead letter keeps the timestamp of its
message's first arrival through every replay, and is not sent once Cassandra's tombstones may be
gone. A change of a person whom PostgreSQL does not hold is not sent at any age, unless it is a
delete: it could only bring back what was erased. An old change of a person whom PostgreSQL holds
has no effect, as newer commits win.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from itertools import islice
from threading import Lock
from typing import Any, Protocol

from confluent_kafka import KafkaError, Producer

from contract.kafka.offsets import TopicOffset
from control_center.clients.clients import Clients
from control_center.clients.replay_log import ReplayLog
from control_center.config import DEAD_LETTERS, TOPIC
from control_center.pipeline import messages, user_repository
from control_center.pipeline.dead_letter import DeadLetter
from control_center.pipeline.decoder import Decoder
from control_center.pipeline.events import Event
from control_center.pipeline.messages import TopicMessage
from control_center.pipeline.replay_outcome import ReplayOutcome

FLUSH_S = 60.0
POLL_S = 0.5
AT_ONCE = 500  # dead letters

Delivered = Callable[[str | None], None]  # is called with an error, or with None


class ReplayPlatform(Protocol):
    """Kafka and PostgreSQL, as far as a replay uses them. Methods may raise UnreachableError."""

    def dead_letters(self, wanted: Collection[TopicOffset] | None) -> Iterator[TopicMessage]:
        """These dead letters, or all (None), that retention has left."""
        ...

    def held(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that PostgreSQL holds."""
        ...

    def decode(self, value: bytes | None) -> Event:
        """Raises UndecodableError."""
        ...

    def produce(self, dead_letter: DeadLetter, delivered: Delivered) -> None:
        """Queues the message for the users topic; raises BufferError if the queue is full."""
        ...

    def poll(self, timeout_s: float) -> None:
        """Calls `delivered` of what the brokers have acknowledged."""
        ...

    def flush(self, timeout_s: float) -> int:
        """Waits until everything is acknowledged; returns how many messages are not."""
        ...


class KafkaReplayPlatform:
    """Implements `ReplayPlatform` over the platform's own clients, with a producer of its own."""

    def __init__(self, clients: Clients) -> None:
        self._clients, self._decoder = clients, Decoder(clients)
        self._producer: Producer = clients.kafka.producer()

    def dead_letters(self, wanted: Collection[TopicOffset] | None) -> Iterator[TopicMessage]:
        kafka = self._clients.kafka
        starts, ends = wanted_ranges(
            wanted, kafka.earliest(DEAD_LETTERS), kafka.offsets(DEAD_LETTERS)
        )
        for message in messages.read(self._clients, starts, ends, DEAD_LETTERS):
            if wanted is None or messages.place(message) in wanted:
                yield TopicMessage.of(message)

    def held(self, ids: Collection[str]) -> set[str]:
        return user_repository.held_in_postgres(self._clients, ids)

    def decode(self, value: bytes | None) -> Event:
        return self._decoder.event(value)

    def produce(self, dead_letter: DeadLetter, delivered: Delivered) -> None:
        def on_delivery(error: KafkaError | None, _: Any) -> None:
            delivered(error.str() if error else None)

        assert dead_letter.partition is not None
        self._producer.produce(
            TOPIC,
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


class DeadLetterReplay:
    """One replay at a time; `log` knows what earlier ones have sent."""

    def __init__(self, log: ReplayLog) -> None:
        self._lock = Lock()
        self._log = log

    def was_sent(self, place: TopicOffset) -> bool:
        """Was this dead letter sent again?"""
        return place in self._log

    def send(self, clients: Clients, wanted: Collection[TopicOffset] | None) -> ReplayOutcome:
        """Sends these dead letters, or all (None); as `replay`."""
        return self.replay(lambda: KafkaReplayPlatform(clients), wanted)

    def replay(
        self, connect: Callable[[], ReplayPlatform], wanted: Collection[TopicOffset] | None
    ) -> ReplayOutcome:
        """Raises UnreachableError if Kafka or PostgreSQL does not answer; what was acknowledged
        before counts as sent."""
        with self._lock:
            outcome, platform = ReplayOutcome(), connect()
            acknowledged: list[TopicOffset] = []
            try:
                self._send(platform, wanted, acknowledged, outcome)
            finally:
                unacknowledged = platform.flush(FLUSH_S)
                self._log.add(acknowledged)
            if unacknowledged:
                outcome.errors.append(
                    f"{unacknowledged} dead letters were not acknowledged within {FLUSH_S:.0f} s"
                )
            outcome.sent = len(acknowledged)
            return outcome

    def _send(
        self,
        platform: ReplayPlatform,
        wanted: Collection[TopicOffset] | None,
        acknowledged: list[TopicOffset],
        outcome: ReplayOutcome,
    ) -> None:
        found = platform.dead_letters(wanted)
        while part := list(islice(found, AT_ONCE)):
            new = [message for message in part if message.place not in self._log]
            outcome.sent_before += len(part) - len(new)
            dead_letters = [DeadLetter.of(message, platform.decode) for message in new]
            held = platform.held({item.person_id for item in dead_letters if item.person_id})
            for dead_letter in dead_letters:
                refusal = dead_letter.refusal(held, datetime.now(UTC))
                if refusal is None:
                    _produce(platform, dead_letter, acknowledged, outcome)
                else:
                    outcome.refuse(refusal)


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


def _produce(
    platform: ReplayPlatform,
    dead_letter: DeadLetter,
    acknowledged: list[TopicOffset],
    outcome: ReplayOutcome,
) -> None:
    def delivered(error: str | None) -> None:
        if error is None:
            acknowledged.append(dead_letter.place)
        else:
            outcome.fail(f"{dead_letter.place}: {error}")

    while True:
        try:
            platform.produce(dead_letter, delivered)
            break
        except BufferError:  # the brokers acknowledge more slowly than dead letters are read
            platform.poll(POLL_S)
    platform.poll(0)
