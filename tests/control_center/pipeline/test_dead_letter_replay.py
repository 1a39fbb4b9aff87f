"""A replay sends each dead letter once, and none that could bring an erased row back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.errors import UnreachableError
from contract.kafka.change import Event, UndecodableError
from contract.kafka.dead_letters import TIMESTAMP
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import dead_letters
from control_center.clients.replay_log import ReplayLog
from control_center.pipeline import dead_letter_replay
from control_center.pipeline.dead_letter import DeadLetter
from control_center.pipeline.dead_letter_replay import DeadLetterReplay
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import Recorded
from control_center.pipeline.replay_outcome import ReplayOutcome
from control_center.pipeline.replay_platform import Delivered, ReplayPlatform
from control_center.pipeline.topic_message import Headers, TopicMessage
from tests.control_center.in_memory_clients import InMemoryClients
from tests.control_center.sample_tables import ORDERS, USERS

HELD = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"
ERASED = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5f"


def message(
    offset: int,
    *,
    key: str = HELD,
    days: float = 1,
    value: bytes = b"update",
    origin: bool = True,
) -> TopicMessage:
    """A dead letter of partition 0, whose message first came `days` ago to partition 2."""
    first = (datetime.now(UTC) - timedelta(days=days)).isoformat().encode()
    headers: Headers = (TIMESTAMP, first), ("trace", b"abc")
    if origin:
        headers += ("origin.partition", b"2"), ("origin.offset", b"40")
    content = value + b" " + key.encode()
    return TopicMessage(TopicOffset(0, offset), key.encode(), content, headers, 0)


class InMemoryDecoder:
    """A value is the kind of its change, then the key."""

    def event(self, value: bytes | None) -> Event:
        kind, _, key = (value or b"").decode().partition(" ")
        if kind not in ("delete", "update"):
            raise UndecodableError("is not Avro")
        return Event(key, (), kind == "delete", 1, 1, 1, "u")

    def key(self, key: bytes | None) -> str | None:
        return (key or b"").decode() or None


class InMemoryPlatform:
    """Kafka with a queue of `room` messages, acknowledged by poll and flush; PostgreSQL holds HELD.
    `errors`: offset of a dead letter → why the brokers refuse its message."""

    def __init__(self, *messages: TopicMessage, room: int = 10) -> None:
        self.messages, self.room = list(messages), room
        self.errors: dict[int, str] = {}
        self.sent: list[DeadLetter] = []
        self.questions: list[Collection[str]] = []
        self.queue: list[tuple[DeadLetter, Delivered]] = []
        self.full, self.silent = 0, False
        self.erasures: dict[str, Erasure] = {}

    def dead_letters(self, wanted: Collection[TopicOffset] | None) -> Iterator[TopicMessage]:
        for item in self.messages:
            if wanted is None or item.place in wanted:
                yield item

    def held(self, keys: Collection[str]) -> set[str]:
        self.questions.append(keys)
        return {HELD} & set(keys)

    def erased(self) -> Recorded:
        return Recorded(self.erasures, str)

    @property
    def decoder(self) -> InMemoryDecoder:
        return InMemoryDecoder()

    def produce(self, dead_letter: DeadLetter, delivered: Delivered) -> None:
        if len(self.queue) >= self.room:
            self.full += 1
            raise BufferError
        self.queue.append((dead_letter, delivered))

    def poll(self, timeout_s: float) -> None:
        if timeout_s:
            self.flush(timeout_s)

    def flush(self, timeout_s: float) -> int:
        if self.silent:
            return len(self.queue)
        for dead_letter, delivered in self.queue:
            error = self.errors.get(dead_letter.place.offset)
            if error is None:
                self.sent.append(dead_letter)
            delivered(error)
        self.queue.clear()
        return 0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sent-again.jsonl"


def send(
    file: Path, platform: ReplayPlatform, wanted: Collection[TopicOffset] | None = None
) -> ReplayOutcome:
    """Replays in a new process, which knows earlier replays only from the file."""
    return DeadLetterReplay(lambda _: ReplayLog(file)).replay(USERS, lambda: platform, wanted)


def offsets(platform: InMemoryPlatform) -> list[int]:
    return [dead_letter.place.offset for dead_letter in platform.sent]


def test_bytes_partition_and_headers_go_back_to_the_topic(file: Path) -> None:
    platform = InMemoryPlatform(message(3))
    assert send(file, platform) == ReplayOutcome(sent=1)
    [sent] = platform.sent
    assert (sent.key, sent.value, sent.partition) == (HELD.encode(), b"update " + HELD.encode(), 2)
    assert [name for name, _ in sent.sent_headers()] == ["trace", "dead-letter", TIMESTAMP]


def test_each_is_sent_once_also_by_the_next_process(file: Path) -> None:
    platform = InMemoryPlatform(message(1), message(2))
    assert send(file, platform) == ReplayOutcome(sent=2)
    platform.messages.append(message(3))
    assert send(file, platform) == ReplayOutcome(sent=1, sent_before=2)
    assert offsets(platform) == [1, 2, 3]


def test_one_replay_object_sends_each_dead_letter_once(file: Path) -> None:
    log = ReplayLog(file)
    platform, replay = InMemoryPlatform(message(1)), DeadLetterReplay(lambda _: log)
    assert TopicOffset(0, 1) not in replay.sent(USERS)
    replay.replay(USERS, lambda: platform, None)
    assert TopicOffset(0, 1) in replay.sent(USERS)
    assert replay.replay(USERS, lambda: platform, None) == ReplayOutcome(sent_before=1)


def test_the_same_offset_of_two_tables_is_two_dead_letters(tmp_path: Path) -> None:
    clients = InMemoryClients(tmp_path)
    replay = DeadLetterReplay(clients.replay_log)
    replay.replay(USERS, lambda: InMemoryPlatform(message(1)), None)
    assert TopicOffset(0, 1) in replay.sent(USERS)
    assert TopicOffset(0, 1) not in replay.sent(ORDERS)
    outcome = replay.replay(ORDERS, lambda: InMemoryPlatform(message(1)), None)
    assert outcome == ReplayOutcome(sent=1)
    later = DeadLetterReplay(InMemoryClients(tmp_path).replay_log)
    assert TopicOffset(0, 1) in later.sent(ORDERS)


def test_an_offset_of_a_topic_that_was_created_again_is_another_dead_letter(
    tmp_path: Path,
) -> None:
    clients, topic = InMemoryClients(tmp_path), dead_letters(USERS).name
    replay = DeadLetterReplay(clients.replay_log)
    for topic_id in ("1a", "2b"):
        clients.broker.ids[topic] = topic_id
        outcome = replay.replay(USERS, lambda: InMemoryPlatform(message(1)), None)
        assert outcome == ReplayOutcome(sent=1)
    clients.broker.ids[topic] = "1a"
    assert TopicOffset(0, 1) in DeadLetterReplay(clients.replay_log).sent(USERS)


def test_only_the_wanted_are_sent(file: Path) -> None:
    platform = InMemoryPlatform(message(1), message(2), message(3))
    assert send(file, platform, [TopicOffset(0, 2)]) == ReplayOutcome(sent=1)
    assert offsets(platform) == [2]


@pytest.mark.parametrize(
    ("refused", "outcome"),
    [
        (message(1, days=8), ReplayOutcome(sent=1, too_old=1)),
        (message(1, days=8, value=b"delete"), ReplayOutcome(sent=1, too_old=1)),
        (message(1, origin=False), ReplayOutcome(sent=1, without_origin=1)),
        (message(1, key=ERASED), ReplayOutcome(sent=1, not_held=1)),
        (message(1, key=ERASED, value=b"?"), ReplayOutcome(sent=1, not_held=1)),
    ],
    ids=["too old", "an old delete", "no origin", "of an erased row", "poison of one erased"],
)
def test_a_refused_dead_letter_is_counted_and_not_sent(
    file: Path, refused: TopicMessage, outcome: ReplayOutcome
) -> None:
    platform = InMemoryPlatform(refused, message(2))
    assert send(file, platform) == outcome
    assert offsets(platform) == [2]


@pytest.mark.parametrize("value", [b"update", b"delete", b"?"])
def test_no_dead_letter_of_an_erased_row_is_sent_although_postgresql_holds_it(
    file: Path, value: bytes
) -> None:
    ended_ms = int((datetime.now(UTC) - timedelta(days=2)).timestamp() * 1000)
    platform = InMemoryPlatform(message(1, days=3, value=value), message(2, days=1, value=value))
    platform.erasures = {HELD: Erasure(HELD, "users", ended_ms, ended_ms)}
    assert send(file, platform) == ReplayOutcome(sent=1, erased=1)
    assert offsets(platform) == [2]


def test_a_refused_dead_letter_may_be_sent_later(file: Path) -> None:
    platform = InMemoryPlatform(message(1, key=ERASED))
    send(file, platform)
    platform.messages = [message(1)]  # the row was inserted again
    assert send(file, platform) == ReplayOutcome(sent=1)


def test_a_delete_of_an_erased_row_is_sent(file: Path) -> None:
    platform = InMemoryPlatform(message(1, key=ERASED, value=b"delete"))
    assert send(file, platform) == ReplayOutcome(sent=1)


def test_a_full_queue_waits_for_the_brokers(file: Path) -> None:
    platform = InMemoryPlatform(*(message(offset) for offset in range(7)), room=2)
    assert send(file, platform) == ReplayOutcome(sent=7)
    assert platform.full == 3
    assert offsets(platform) == list(range(7))


def test_a_dead_letter_that_the_brokers_refuse_can_be_sent_again(file: Path) -> None:
    platform = InMemoryPlatform(message(1), message(2))
    platform.errors = {1: "no leader"}
    assert send(file, platform) == ReplayOutcome(sent=1, errors=["0:1: no leader"])
    platform.errors = {}
    assert send(file, platform) == ReplayOutcome(sent=1, sent_before=1)
    assert offsets(platform) == [2, 1]


def test_a_dead_letter_without_acknowledgement_is_not_sent(file: Path) -> None:
    platform = InMemoryPlatform(message(1))
    platform.silent = True
    outcome = send(file, platform)
    assert outcome.sent == 0
    assert outcome.errors == ["1 dead letters were not acknowledged within 60 s"]
    platform.silent = False
    platform.queue.clear()
    assert send(file, platform) == ReplayOutcome(sent=1)


def test_dead_letters_sent_before_an_outage_are_remembered(file: Path) -> None:
    class Outage(InMemoryPlatform):
        def dead_letters(self, wanted: Collection[TopicOffset] | None) -> Iterator[TopicMessage]:
            yield from super().dead_letters(wanted)
            raise UnreachableError("kafka-1", "does not answer")

    at_once = dead_letter_replay.AT_ONCE
    platform = Outage(*(message(offset) for offset in range(at_once)), room=at_once)
    with pytest.raises(UnreachableError, match="kafka-1"):
        send(file, platform)
    working = InMemoryPlatform(*platform.messages, message(at_once), room=at_once)
    assert send(file, working) == ReplayOutcome(sent=1, sent_before=at_once)


def test_rows_are_looked_up_500_dead_letters_at_a_time(file: Path) -> None:
    platform = InMemoryPlatform(*(message(offset) for offset in range(501)), room=1000)
    assert send(file, platform).sent == 501
    assert len(platform.questions) == 2


def test_without_dead_letters_no_request_is_made(file: Path) -> None:
    platform = InMemoryPlatform()
    assert send(file, platform) == ReplayOutcome()
    assert platform.questions == []
