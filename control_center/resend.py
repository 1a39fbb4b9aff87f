"""Dead letters sent again: their very bytes to the topic they came from, each once.

Sending changes nothing that is newer: the sink is ordered by the source's commits (invariant 3). A
letter whose cause is still there comes back as a new dead letter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from confluent_kafka import KafkaError, Message

from control_center import dead_letters, messages
from control_center.engines import Engines
from control_center.sent_again import Place, SentAgain
from control_center.settings import DEAD_LETTERS, TOPIC

HEADER = "dead-letter"
FLUSH_S = 60.0


@dataclass
class Outcome:
    """How many were sent, were sent before, are too old, or name no origin."""

    sent: int = 0
    sent_before: int = 0
    too_old: int = 0
    without_origin: int = 0
    errors: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {**self.__dict__, "ok": not self.errors}

    def __str__(self) -> str:
        told = [f"{self.sent:,} sent again", f"{self.sent_before:,} were sent before"]
        told += [f"{self.too_old:,} are too old"] * bool(self.too_old)
        told += [f"{self.without_origin:,} name no origin"] * bool(self.without_origin)
        return "; ".join([", ".join(told), *self.errors]) + "."


class Resend:
    """One sending at a time."""

    def __init__(self, sent: SentAgain) -> None:
        self._lock = Lock()
        self._sent = sent

    def was_sent(self, place: Place) -> bool:
        return place in self._sent

    def send(self, engines: Engines, wanted: Collection[Place] | None) -> Outcome:
        """These letters, or all (None). Raises UnreachableError when Kafka does not answer, before
        anything is sent."""
        with self._lock:
            outcome = Outcome()
            producer = engines.kafka.producer()
            done: list[Place] = []
            for letter in _letters(engines, wanted):
                place = messages.place(letter)
                if place in self._sent:
                    outcome.sent_before += 1
                elif (origin := _origin(letter)) is None:
                    outcome.without_origin += 1
                elif origin[1] < datetime.now(UTC) - dead_letters.OLDEST:
                    outcome.too_old += 1
                else:
                    self._produce(producer, letter, origin[0], done, outcome)
            left = producer.flush(FLUSH_S)
            if left:
                outcome.errors.append(f"{left} letters were not taken within {FLUSH_S:.0f} s")
            outcome.sent = len(done)
            self._sent.add(done)
            return outcome

    def _produce(
        self, producer: Any, letter: Message, partition: int, done: list[Place], outcome: Outcome
    ) -> None:
        place = messages.place(letter)

        def delivered(error: KafkaError | None, _: Message) -> None:
            if error is None:
                done.append(place)
            elif len(outcome.errors) < 5:
                outcome.errors.append(f"{place[0]}:{place[1]}: {error.str()}")

        while True:
            try:
                producer.produce(
                    TOPIC,
                    letter.value(),
                    letter.key(),
                    partition,
                    on_delivery=delivered,
                    headers={HEADER: f"{place[0]}:{place[1]}".encode()},
                )
                break
            except BufferError:  # the brokers take them more slowly than they are read
                producer.poll(0.5)
        producer.poll(0)


def _letters(engines: Engines, wanted: Collection[Place] | None) -> Iterator[Message]:
    ends, starts = engines.kafka.offsets(DEAD_LETTERS), engines.kafka.earliest(DEAD_LETTERS)
    if wanted is not None:
        starts = {part: min(at for p, at in wanted if p == part) for part in {p for p, _ in wanted}}
        ends = {
            part: min(ends.get(part, 0), max(at for p, at in wanted if p == part) + 1)
            for part in starts
        }
    for letter in messages.read(engines, starts, ends, DEAD_LETTERS):
        if wanted is None or messages.place(letter) in wanted:
            yield letter


def _origin(letter: Message) -> tuple[int, datetime] | None:
    """Partition on the topic, and when the message came there; None where it does not say."""
    headers: dict[str, Any] = dict(letter.headers() or [])  # type: ignore[arg-type]
    try:
        partition, _ = dead_letters.origin(letter)
        stamp = headers["origin.timestamp"].decode().replace("Z", "+00:00")
        return partition, datetime.fromisoformat(stamp)
    except (messages.UndecodableError, KeyError, ValueError, AttributeError):
        return None
