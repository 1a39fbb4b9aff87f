"""Removes the dead letters of the selected rows, and keeps all others.

Kafka removes messages from the beginning of a topic only. So the others are written to its end
first, with their bytes, headers and timestamps, and then everything before is removed. A dead
letter that is removed leaves an empty one with its origin: every offset stays accounted for
(invariant 2). An interruption leaves copies; the next run begins again and removes them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import KafkaError, Message

from contract.errors import UnreachableError
from contract.kafka import retention, topics
from contract.kafka.change import UndecodableError
from contract.kafka.dead_letters import MOVED_FROM, REASON, SCHEMA_ID, VALUE_CUT
from contract.kafka.dead_letters import OWN_HEADERS as KEPT_OF_ERASED
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import SEGMENT_MS
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.pipeline import messages
from control_center.pipeline.dead_letter import Decoder as KeyDecoder
from control_center.pipeline.dead_letter import first_ms
from control_center.pipeline.decoder import Decoder
from control_center.pipeline.erasures.selection import Selection
from control_center.pipeline.topic_message import Headers, TopicMessage, place

ERASED = "erased on request"
SETTLE_S = 3.0  # until every broker knows another setting of a topic
ROLLING_MS = "1"  # while a new segment begins
FLUSH_S = 60.0
POLL_S = 0.5


@dataclass
class Outcome:
    """`erased`: dead letters that were removed. `unreadable`: those that stay although no key can
    be decoded from them, so that they may hold a row; `newest_ms`: when the newest of these came to
    the topic, milliseconds since 1970."""

    erased: int = 0
    unreadable: int = 0
    newest_ms: int | None = None


def erase(
    clients: Clients,
    table: Table,
    selection: Selection,
    pause: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Raises UnreachableError; then no dead letter of another row is lost."""
    topic = _Topic(clients, table, selection)
    topic.restore_setting()
    first, outcome = topic.search()
    for partition, (message, newest_ms) in first.items():
        job_protocol.progress(f"{topic.name}: others are moved behind those of the row")
        boundary = topic.roll(message, newest_ms, pause)
        outcome.erased += topic.move(partition, boundary)
        clients.kafka.delete_before(topic.name, partition, boundary + 1)
    return outcome


class _Topic:
    def __init__(self, clients: Clients, table: Table, selection: Selection) -> None:
        self._clients, self._table, self._selection = clients, table, selection
        self._topic = topics.dead_letters(table)
        self.name = self._topic.name
        self._decoder: KeyDecoder = Decoder(clients, table)
        self._producer = clients.kafka.producer()
        self._log = clients.replay_log(table)
        self._errors: list[str] = []

    def search(self) -> tuple[dict[int, tuple[TopicMessage, int]], Outcome]:
        """Partition → the first dead letter of a selected row, and the newest timestamp in that
        partition. Only partitions that have one."""
        kafka, outcome = self._clients.kafka, Outcome()
        first: dict[int, TopicMessage] = {}
        newest: dict[int, int] = {}
        for message in self._read(kafka.earliest(self.name), kafka.offsets(self.name)):
            part, at_ms = message.place.partition, message.timestamp_ms or 0
            newest[part] = max(newest.get(part, 0), at_ms)
            content = Content.of(self._decoder, message)
            if content.concerns(self._selection):
                first.setdefault(part, message)
            elif not content.keys and (message.key or message.value):
                outcome.unreadable += 1
                outcome.newest_ms = max(outcome.newest_ms or 0, at_ms)
        return {part: (message, newest[part]) for part, message in first.items()}, outcome

    def restore_setting(self) -> None:
        """A run that was killed in roll() leaves the limit of 1 ms, with a segment per message."""
        current = self._clients.kafka.settings([self.name], SEGMENT_MS).get(self.name)
        if current == ROLLING_MS:
            self._set(self._topic.settings[SEGMENT_MS])

    def _set(self, segment_ms: str) -> None:
        self._clients.kafka.change_setting(self.name, SEGMENT_MS, segment_ms)

    def roll(self, message: TopicMessage, newest_ms: int, pause: Callable[[float], None]) -> int:
        """Writes a message that begins a new segment, and returns its offset: brokers delete
        segments, so no message that stays may share one with a message that is removed. A message
        begins a segment if it is younger than the first one by a limit, which is 1 ms meanwhile;
        the copies, which are older, begin none."""
        self._set(ROLLING_MS)
        try:
            pause(SETTLE_S)
            offsets: list[TopicOffset] = []
            self._produce(message, without_content(message), newest_ms + 2, offsets)
            self._flush()
        finally:
            self._set(self._topic.settings[SEGMENT_MS])
        self._log.add_copies(1)
        return offsets[0].offset

    def move(self, partition: int, end: int) -> int:
        """Copies the messages below `end` to the topic's end; returns how many of them were of a
        selected row, and are empty now. Those beyond their retention are left out."""
        start = self._clients.kafka.earliest(self.name)[partition]
        oldest = datetime.now(UTC) - retention.DEAD_LETTERS
        oldest_ms = int(oldest.timestamp() * 1000)
        erased = copies = 0
        settled: list[TopicOffset] = []
        for message in self._read({partition: start}, {partition: end}):
            at_ms = message.timestamp_ms or 0
            if _is_copy_of(message, start) or 0 < at_ms < oldest_ms:
                continue
            copy, is_settled = message, message.place in self._log
            if Content.of(self._decoder, message).concerns(self._selection):
                copy, is_settled = without_content(message), True
                erased += 1
            self._produce(message, copy, at_ms, settled if is_settled else None)
            copies += 1
        self._log.add_copies(copies)
        self._flush()
        self._log.add(settled)
        return erased

    def _read(self, start: dict[int, int], end: dict[int, int]) -> Iterator[TopicMessage]:
        return map(TopicMessage.of, messages.read(self._clients, start, end, self.name))

    def _produce(
        self,
        original: TopicMessage,
        copy: TopicMessage,
        at_ms: int,
        offsets: list[TopicOffset] | None,
    ) -> None:
        """`offsets` gets the place of the message."""

        def on_delivery(error: KafkaError | None, message: Message) -> None:
            if error:
                self._errors.append(error.str())
            elif offsets is not None:
                offsets.append(place(message))

        kept = [(name, value) for name, value in copy.headers if name != MOVED_FROM]
        headers: Any = [*kept, (MOVED_FROM, str(original.place).encode())]
        while True:
            try:
                self._producer.produce(
                    self.name,
                    copy.value,
                    copy.key,
                    original.place.partition,
                    on_delivery=on_delivery,
                    timestamp=at_ms,
                    headers=headers,
                )
                break
            except BufferError:  # the brokers acknowledge more slowly than dead letters are read
                self._producer.poll(POLL_S)
        self._producer.poll(0)

    def _flush(self) -> None:
        if count := self._producer.flush(FLUSH_S):
            self._errors.append(f"{count} messages were not acknowledged within {FLUSH_S:.0f} s")
        if self._errors:
            cause = f"topic {self.name} takes no copies of dead letters ({self._errors[0]})"
            raise UnreachableError(self._clients.kafka.component, cause)


def without_content(message: TopicMessage) -> TopicMessage:
    """The dead letter with its origin alone. Its header says that it was cut, so that no replay
    sends it."""
    kept = {name for name in KEPT_OF_ERASED if name not in (REASON, SCHEMA_ID, VALUE_CUT)}
    own: Headers = tuple(item for item in message.headers if item[0] in kept)
    headers = (*own, (REASON, ERASED.encode()), (VALUE_CUT, b"erased"))
    return TopicMessage(message.place, None, None, headers, message.timestamp_ms)


@dataclass(frozen=True)
class Content:
    """`keys`: those in a dead letter's value and in its key, which may differ. `texts`: what cannot
    be decoded. `at_ms`: when the message first came to the table's topic."""

    keys: frozenset[str]
    texts: tuple[bytes | None, ...]
    at_ms: int | None

    @classmethod
    def of(cls, decoder: KeyDecoder, message: TopicMessage) -> Content:
        key = decoder.key(message.key)
        keys = {key} if key is not None else set()
        texts: tuple[bytes | None, ...] = () if keys else (message.key,)
        try:
            keys.add(decoder.event(message.value).key)
        except UndecodableError:
            texts += (message.value,)
        at_ms = first_ms(dict(message.headers)) or message.timestamp_ms
        return cls(frozenset(keys), texts, at_ms)

    def concerns(self, selection: Selection) -> bool:
        if any(selection.has(key, self.at_ms) for key in self.keys):
            return True
        return selection.is_in(*self.texts)


def _is_copy_of(message: TopicMessage, start: int) -> bool:
    """Is it a copy, by a run that was interrupted, of a message that is still there?"""
    place = dict(message.headers).get(MOVED_FROM)
    return place is not None and int(place.decode().partition(":")[2]) >= start
