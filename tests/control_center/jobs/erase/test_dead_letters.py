"""The dead letters of a row disappear, and no other one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contract.errors import UnreachableError
from contract.kafka.dead_letters import (
    MOVED_FROM,
    ORIGIN_OFFSET,
    ORIGIN_PARTITION,
    REASON,
    TIMESTAMP,
    VALUE_CUT,
)
from contract.kafka.offsets import TopicOffset
from contract.kafka.topics import dead_letters as topic_of
from control_center.jobs.erase import dead_letters
from control_center.jobs.erase.dead_letters import Outcome
from control_center.pipeline import dead_letters as backlog
from control_center.pipeline.dead_letter import origin
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import OneKey, Recorded
from tests.control_center.in_memory_clients import (
    InMemoryClients,
    InMemoryMessage,
    event,
    message_key,
    order,
    person,
)
from tests.control_center.sample_rows import Row
from tests.control_center.sample_tables import DEAD_LETTERS, ORDERS, USERS

ADA = person("0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e", "marker of ada")
BOB = person("0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5f", "Bern")
OF_ADA = OneKey(ADA[0], (ADA[0],))
NOW_MS = int(datetime.now(UTC).timestamp() * 1000)


def add(
    clients: InMemoryClients,
    row: Row,
    *,
    offset: int = 40,
    age: timedelta = timedelta(hours=1),
    key: bytes | None = None,
    value: bytes | None = None,
) -> None:
    """A dead letter of users; `offset` and `age` are those of its message."""
    at_ms = NOW_MS - int(age.total_seconds() * 1000)
    stamp = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat().encode()
    headers = [
        ("trace", b"marker in a header"),
        (ORIGIN_PARTITION, b"2"),
        (ORIGIN_OFFSET, str(offset).encode()),
        (TIMESTAMP, stamp),
        (REASON, b"marker in a reason"),
    ]
    message = InMemoryMessage(
        key if key is not None else message_key(row),
        value if value is not None else event(row, 5),
        headers,
        at_ms,
    )
    clients.broker.add(DEAD_LETTERS, 0, message)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    clients = InMemoryClients(tmp_path)
    clients.broker.keeps = True
    return clients


def erase(clients: InMemoryClients, selection: Any = OF_ADA) -> Outcome:
    return dead_letters.erase(clients, USERS, selection, lambda seconds: None)


def present(clients: InMemoryClients) -> list[InMemoryMessage]:
    """The messages that the brokers still have."""
    first = clients.broker.deleted.get((DEAD_LETTERS, 0), 0)
    return clients.broker.topics.get(DEAD_LETTERS, {}).get(0, [])[first:]


def content(message: InMemoryMessage) -> tuple[Any, ...]:
    headers = [item for item in message.headers() if item[0] != MOVED_FROM]
    return message.key(), message.value(), headers, message.timestamp()


def is_found(clients: InMemoryClients) -> bool:
    return any(
        b"marker" in text
        for message in present(clients)
        for text in (message.key(), message.value(), *(value for _, value in message.headers()))
        if text and not text.startswith(b"marker in a")
    )


def test_those_of_the_row_are_gone_and_the_others_are_the_same(clients: InMemoryClients) -> None:
    for number, row in enumerate((BOB, ADA, BOB, ADA, BOB)):
        add(clients, row, offset=40 + number, age=timedelta(hours=9 - number))
    before = present(clients)
    assert is_found(clients)
    assert erase(clients) == Outcome(erased=2)
    assert not is_found(clients)
    after = present(clients)
    assert [content(after[i]) for i in (0, 2, 4)] == [content(before[i]) for i in (0, 2, 4)]


def test_invariant_2_the_origin_of_an_erased_one_stays(clients: InMemoryClients) -> None:
    add(clients, ADA, offset=41)
    identity = origin(present(clients)[0].headers())
    erase(clients)
    [stub] = present(clients)
    assert origin(stub.headers()) == identity
    assert (stub.key(), stub.value()) == (None, None)
    names = [name for name, _ in stub.headers()]
    assert sorted(names) == sorted(
        [ORIGIN_PARTITION, ORIGIN_OFFSET, TIMESTAMP, REASON, VALUE_CUT, MOVED_FROM]
    )
    assert dict(stub.headers())[REASON] == b"erased on request"


def test_counts_stay_and_an_erased_one_does_not_wait(clients: InMemoryClients) -> None:
    for row in (BOB, ADA, BOB):
        add(clients, row)
    clients.replay_log(USERS).add([TopicOffset(0, 0)])
    assert backlog.waiting(clients, USERS).total == 3
    assert backlog.waiting(clients, USERS).waiting == 2
    erase(clients)
    after = backlog.waiting(clients, USERS)
    assert (after.total, after.waiting, after.reason) == (3, 1, "marker in a reason")
    log = clients.replay_log(USERS)
    places = [TopicOffset(0, message.offset()) for message in present(clients)]
    assert [place in log for place in places] == [True, True, False]


def test_without_one_of_the_row_nothing_happens(clients: InMemoryClients) -> None:
    assert erase(clients) == Outcome()
    add(clients, BOB)
    assert erase(clients) == Outcome()
    assert not clients.broker.produced
    assert not clients.broker.changed_settings


def test_a_new_segment_begins_before_the_copies(clients: InMemoryClients) -> None:
    add(clients, ADA, age=timedelta(hours=2))
    add(clients, BOB, age=timedelta(hours=1))
    pauses: list[float] = []
    dead_letters.erase(clients, USERS, OF_ADA, pauses.append)
    day_ms = "86400000"
    assert clients.broker.changed_settings == [
        (DEAD_LETTERS, "segment.ms", "1"),
        (DEAD_LETTERS, "segment.ms", day_ms),
    ]
    assert pauses == [dead_letters.SETTLE_S]
    first, *copies = clients.broker.produced
    times = [message["timestamp"] for message in copies]
    assert first["timestamp"] == max(times) + 2
    assert first["value"] is None
    assert clients.broker.deleted == {(DEAD_LETTERS, 0): 3}


def test_the_setting_is_restored_if_the_brokers_refuse(clients: InMemoryClients) -> None:
    add(clients, ADA)
    clients.broker.error = "Broker: Not enough in-sync replicas"
    with pytest.raises(UnreachableError, match="takes no copies"):
        erase(clients)
    assert clients.broker.changed_settings[-1][2] != "1"
    assert clients.broker.deleted == {}


def test_the_setting_that_a_killed_run_left_is_restored(clients: InMemoryClients) -> None:
    add(clients, BOB)
    clients.broker.change_setting(DEAD_LETTERS, "segment.ms", "1")
    assert erase(clients) == Outcome()
    assert clients.broker.settings([DEAD_LETTERS], "segment.ms") == {DEAD_LETTERS: "86400000"}


def test_copies_of_an_interrupted_run_are_removed(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, row in enumerate((BOB, ADA)):
        add(clients, row, offset=40 + number)
    before = content(present(clients)[0])
    monkeypatch.setattr(clients.broker, "delete_before", lambda *place: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase(clients)
    assert is_found(clients)
    monkeypatch.undo()
    assert erase(clients) == Outcome(erased=1)
    assert not is_found(clients)
    copy, stub = present(clients)
    assert content(copy) == before
    assert stub.value() is None
    assert backlog.waiting(clients, USERS).total == 2


def test_a_second_erasure_moves_the_copies_of_the_first(clients: InMemoryClients) -> None:
    for row in (BOB, ADA, BOB):
        add(clients, row)
    erase(clients)
    assert erase(clients, OneKey(BOB[0], (BOB[0],))) == Outcome(erased=2)
    assert [message.value() for message in present(clients)] == [None] * 3
    assert backlog.waiting(clients, USERS).total == 3


def test_those_beyond_their_retention_are_not_kept_longer(clients: InMemoryClients) -> None:
    add(clients, BOB, age=timedelta(days=31))
    add(clients, ADA)
    erase(clients)
    assert [message.value() for message in present(clients)] == [None]


@pytest.mark.parametrize(
    ("key", "value", "outcome"),
    [
        (message_key(ADA), b"not Avro", Outcome(erased=1)),
        (message_key(BOB), event(ADA, 5), Outcome(erased=1)),
        (message_key(ADA), event(BOB, 5), Outcome(erased=1)),
        (b"?", b'{"id": "' + ADA[0].encode() + b'"', Outcome(erased=1)),
        (message_key(BOB), b"not Avro " + ADA[0].encode(), Outcome(erased=1)),
        (message_key(BOB), event(person(BOB[0], ADA[0]), 5), Outcome()),  # decoded: of another row
        (message_key(BOB), b"not Avro", Outcome()),
        (b"?", b"noise", Outcome(unreadable=1, newest_ms=NOW_MS - 3_600_000)),
        (b"", b"", Outcome()),
    ],
)
def test_a_dead_letter_that_cannot_be_decoded_in_full(
    clients: InMemoryClients, key: bytes, value: bytes, outcome: Outcome
) -> None:
    add(clients, BOB, key=key, value=value)
    assert erase(clients) == outcome


def test_recorded_erasures_do_not_concern_later_rows_of_the_key(clients: InMemoryClients) -> None:
    add(clients, ADA, age=timedelta(hours=2))
    add(clients, ADA, age=timedelta(minutes=1))
    ended_ms = NOW_MS - 3_600_000
    recorded = Recorded({ADA[0]: Erasure(ADA[0], "users", ended_ms - 1, ended_ms)}, str)
    assert erase(clients, recorded) == Outcome(erased=1)
    assert is_found(clients)


def test_a_key_of_several_columns(clients: InMemoryClients) -> None:
    row = order("a,b", 7, note="marker")
    value, key = event(row, 5, table=ORDERS), message_key(row, ORDERS)
    headers = [(ORIGIN_PARTITION, b"0"), (ORIGIN_OFFSET, b"1")]
    clients.broker.add(topic_of(ORDERS).name, 0, InMemoryMessage(key, value, headers, NOW_MS))
    selection = OneKey('["a,b",7]', ("a,b", 7))
    outcome = dead_letters.erase(clients, ORDERS, selection, lambda seconds: None)
    assert outcome == Outcome(erased=1)


def test_the_queue_of_the_producer_may_be_full(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(clients, ADA)
    add(clients, BOB)
    producer, full = clients.broker.producer(), [True]
    produce = producer.produce

    def produce_or_wait(*arguments: Any, **options: Any) -> None:
        if full and full.pop():
            raise BufferError
        produce(*arguments, **options)

    monkeypatch.setattr(producer, "produce", produce_or_wait)
    monkeypatch.setattr(clients.broker, "producer", lambda: producer)
    assert erase(clients) == Outcome(erased=1)
    assert len(present(clients)) == 2
