"""Dead letters sent again: their very bytes and headers to the topic they came from, each once.

Sending changes nothing that is newer: the sink is ordered by the source's commits (invariant 3). A
letter whose cause is still there comes back as a new dead letter.

Nothing that was erased comes back (invariant 7). A letter keeps the timestamp with which its
message came first, on every round trip, and is not sent once Cassandra's tombstones may be gone.
Nor is one sent of a person whom PostgreSQL does not hold, unless it deletes: it could only bring
back what was erased, whatever its age. Of a person whom PostgreSQL holds an old letter changes
nothing, as the newer commits win.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from threading import Lock
from typing import Any

from confluent_kafka import KafkaError, Message

from contract.kafka.dead_letters import HEADERS_CUT, KEY_CUT, OWN_HEADERS, TIMESTAMP, VALUE_CUT
from control_center.clients.clients import Clients
from control_center.clients.replay_log import ReplayLog, TopicOffset
from control_center.config import DEAD_LETTERS, TOPIC
from control_center.pipeline import dead_letters, messages, user_repository

HEADER = "dead-letter"
FLUSH_S = 60.0
AT_ONCE = 500
_ID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")

Headers = list[tuple[str, bytes | None]]


@dataclass(frozen=True)
class Letter:
    """A dead letter. `id` is the person's, if its key has one; `headers` are the message's."""

    place: TopicOffset
    partition: int | None
    first_at: datetime | None
    cut: bool
    id: str | None
    deletes: bool
    key: bytes | None
    value: bytes | None
    headers: Headers

    @classmethod
    def of(cls, message: Message, decoder: messages.Decoder) -> Letter:
        pairs: Any = message.headers() or []
        said: Headers = [(name, _bytes(value)) for name, value in pairs]
        own = dict(said)
        key, value = _bytes(message.key()), _bytes(message.value())
        found = _ID.search(key or b"")
        return cls(
            place=messages.place(message),
            partition=_partition(message),
            first_at=_moment(own.get(TIMESTAMP)),
            cut=any(name in own for name in (KEY_CUT, VALUE_CUT, HEADERS_CUT)),
            id=found[0].decode() if found else None,
            deletes=_deletes(decoder, value),
            key=key,
            value=value,
            headers=[(name, value) for name, value in said if name not in (*OWN_HEADERS, HEADER)],
        )

    @property
    def may_revive(self) -> bool:
        """Would it write a person?"""
        return self.id is not None and not self.deletes

    def sent_headers(self) -> Headers:
        """The message's own, where it comes from, and when it came first."""
        assert self.first_at
        first = self.first_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        place = f"{self.place[0]}:{self.place[1]}"
        return [*self.headers, (HEADER, place.encode()), (TIMESTAMP, first.encode())]


@dataclass
class Outcome:
    """How many were sent, and how many were not: sent before, too old, without an origin, cut to
    fit the topic, or of a person whom PostgreSQL does not hold."""

    sent: int = 0
    sent_before: int = 0
    too_old: int = 0
    without_origin: int = 0
    cut: int = 0
    not_held: int = 0
    errors: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {**self.__dict__, "ok": not self.errors}

    def __str__(self) -> str:
        parts = [f"{self.sent:,} sent again", f"{self.sent_before:,} were sent before"]
        parts += [f"{self.too_old:,} are too old"] * bool(self.too_old)
        parts += [f"{self.without_origin:,} name no origin"] * bool(self.without_origin)
        parts += [
            f"{self.cut:,} were too large to be kept in full (their messages are on {TOPIC})"
        ] * bool(self.cut)
        parts += [f"{self.not_held:,} are of people whom PostgreSQL does not hold"] * bool(
            self.not_held
        )
        return "; ".join([", ".join(parts), *self.errors]) + "."

    def refuses(self, letter: Letter, held: Collection[str], now: datetime) -> bool:
        """Counts why a letter is not sent. `held`: ids that PostgreSQL holds."""
        if letter.partition is None or letter.first_at is None:
            self.without_origin += 1
        elif letter.cut:
            self.cut += 1
        elif letter.first_at < now - dead_letters.OLDEST:
            self.too_old += 1
        elif letter.may_revive and letter.id not in held:
            self.not_held += 1
        else:
            return False
        return True


class DeadLetterReplay:
    """One sending at a time."""

    def __init__(self, sent: ReplayLog) -> None:
        self._lock = Lock()
        self._sent = sent

    def was_sent(self, place: TopicOffset) -> bool:
        return place in self._sent

    def send(self, clients: Clients, wanted: Collection[TopicOffset] | None) -> Outcome:
        """These letters, or all (None). Raises UnreachableError when Kafka or PostgreSQL does not
        answer; what was sent before that is not sent again."""
        with self._lock:
            outcome = Outcome()
            producer = clients.kafka.producer()
            done: list[TopicOffset] = []
            try:
                self._send(clients, wanted, producer, done, outcome)
            finally:
                left = producer.flush(FLUSH_S)
                self._sent.add(done)
            if left:
                outcome.errors.append(f"{left} letters were not taken within {FLUSH_S:.0f} s")
            outcome.sent = len(done)
            return outcome

    def _send(
        self,
        clients: Clients,
        wanted: Collection[TopicOffset] | None,
        producer: Any,
        done: list[TopicOffset],
        outcome: Outcome,
    ) -> None:
        decoder = messages.Decoder(clients)
        found = _letters(clients, wanted)
        while some := list(islice(found, AT_ONCE)):
            new = [message for message in some if messages.place(message) not in self._sent]
            outcome.sent_before += len(some) - len(new)
            letters = [Letter.of(message, decoder) for message in new]
            held = user_repository.held_in_postgres(clients, {one.id for one in letters if one.id})
            for letter in letters:
                if not outcome.refuses(letter, held, datetime.now(UTC)):
                    _produce(producer, letter, done, outcome)


def _produce(producer: Any, letter: Letter, done: list[TopicOffset], outcome: Outcome) -> None:
    def delivered(error: KafkaError | None, _: Message) -> None:
        if error is None:
            done.append(letter.place)
        elif len(outcome.errors) < 5:
            outcome.errors.append(f"{letter.place[0]}:{letter.place[1]}: {error.str()}")

    assert letter.first_at
    while True:
        try:
            producer.produce(
                TOPIC,
                letter.value,
                letter.key,
                letter.partition,
                on_delivery=delivered,
                timestamp=round(letter.first_at.timestamp() * 1000),
                headers=letter.sent_headers(),
            )
            break
        except BufferError:  # the brokers take them more slowly than they are read
            producer.poll(0.5)
    producer.poll(0)


def _letters(clients: Clients, wanted: Collection[TopicOffset] | None) -> Iterator[Message]:
    ends, starts = clients.kafka.offsets(DEAD_LETTERS), clients.kafka.earliest(DEAD_LETTERS)
    if wanted is not None:
        starts = {part: min(at for p, at in wanted if p == part) for part in {p for p, _ in wanted}}
        ends = {
            part: min(ends.get(part, 0), max(at for p, at in wanted if p == part) + 1)
            for part in starts
        }
    for letter in messages.read(clients, starts, ends, DEAD_LETTERS):
        if wanted is None or messages.place(letter) in wanted:
            yield letter


def _partition(letter: Message) -> int | None:
    """Where on the topic it came from; None where its headers do not say."""
    try:
        return dead_letters.origin(letter)[0]
    except messages.UndecodableError:
        return None


def _moment(stamp: bytes | None) -> datetime | None:
    try:
        return datetime.fromisoformat((stamp or b"").decode().replace("Z", "+00:00"))
    except ValueError:
        return None


def _deletes(decoder: messages.Decoder, value: bytes | None) -> bool:
    try:
        return decoder.event(value).deleted
    except messages.UndecodableError:
        return False


def _bytes(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
