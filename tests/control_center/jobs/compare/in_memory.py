"""A platform in memory for the comparison: two stores, a topic and its dead letters."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

from contract.kafka.change import Event, UndecodableError
from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord, Offsets
from contract.table.digest import digest
from contract.table.table import Table
from control_center.jobs.compare.digest import Digest
from control_center.pipeline.dead_letter import MessageIdentity
from tests.control_center.sample_tables import USERS

NOW = datetime(2026, 11, 22, tzinfo=UTC)
POISON = b"poison"
CREATED_MS = 1_795_000_000_000


def row(key: str, city: str) -> tuple[str | None, ...]:
    """A row with nothing but an id and a city."""
    return tuple({"id": key, "city": city}.get(name) for name in USERS.names)


def row_digest(key: str, city: str) -> Digest:
    return digest(USERS, row(key, city))


def change(key: str, version: int, city: str | None) -> bytes:
    """The value of an event; city None: a delete."""
    return json.dumps([key, version, city]).encode()


def message(partition: int, offset: int, first_ms: int | None = CREATED_MS) -> MessageIdentity:
    """A message of this topic, whose messages all came at CREATED_MS."""
    return MessageIdentity(TopicOffset(partition, offset), first_ms)


def batch(number: int, start: Offsets, end: Offsets) -> BatchRecord:
    return BatchRecord(number, NOW, NOW, start, end, 0, 0, 0, "abc", "driver-1")


class InMemoryReader:
    """`users` and `rows`: id → city in PostgreSQL and in Cassandra. `topic`: partition → values,
    None where retention has deleted the message. `unwritten`: messages at the end of each partition
    that no batch has written yet. `passes_after`: how often a barrier says that it has not been
    passed; None: for ever."""

    table: Table = USERS

    def __init__(self) -> None:
        self.users: dict[str, str] = {}
        self.rows: dict[str, str] = {}
        self.topic: dict[int, list[bytes | None]] = {0: []}
        self.dead_letters: list[MessageIdentity] = []
        self.unwritten = 0
        self.records: list[BatchRecord] = []
        self.passes_after: int | None = None
        self.position = 0  # of PostgreSQL's WAL
        self.positions: dict[str, int] = {}  # id → position of the change that Cassandra has
        self.barriers = 0
        self.decoded: list[bytes | None] = []
        self.requested: list[set[str] | None] = []  # keys of each read of a store; None: all

    def store(self, key: str, version: int, city: str) -> None:
        """The row is everywhere: committed, on the topic and in Cassandra."""
        self.users[key] = self.rows[key] = city
        self.topic[0].append(change(key, version, city))

    def earliest(self) -> Offsets:
        return {
            part: next((at for at, value in enumerate(values) if value is not None), len(values))
            for part, values in self.topic.items()
        }

    def written(self) -> Offsets:
        return {part: len(values) - self.unwritten for part, values in self.topic.items()}

    def dead_letters_earliest(self) -> Offsets:
        return {0: 0}

    def dead_letters_end(self) -> Offsets:
        return {0: len(self.dead_letters)}

    def messages(
        self, start: Offsets, end: Offsets
    ) -> Iterator[tuple[MessageIdentity, bytes | None]]:
        for part, stop in end.items():
            for offset in range(start.get(part, 0), stop):
                yield message(part, offset), self.topic[part][offset]

    def origins(self, start: Offsets, end: Offsets) -> Iterator[MessageIdentity]:
        yield from self.dead_letters[start[0] : end[0]]

    def decode(self, value: bytes | None) -> Event:
        self.decoded.append(value)
        if value == POISON:
            raise UndecodableError("is not Avro")
        key, version, city = json.loads(value or b"")
        return Event(key, row(key, city), city is None, version, version, 0, "u")

    def postgres(self, keys: Collection[str] | None = None) -> dict[str, Digest]:
        self.requested.append(None if keys is None else set(keys))
        return _digests(self.users, keys)

    def cassandra(self, keys: Collection[str] | None = None) -> dict[str, Digest]:
        self.requested.append(None if keys is None else set(keys))
        return _digests(self.rows, keys)

    def changed_since(self, keys: Collection[str], position: int) -> dict[str, Digest]:
        later = {key for key in keys if self.positions.get(key, -1) >= position}
        return _digests(self.rows, later)

    def barrier(self) -> InMemoryBarrier:
        self.barriers += 1
        return InMemoryBarrier(self.position, self.passes_after)

    def batches(self) -> list[BatchRecord]:
        return self.records


class InMemoryBarrier:
    def __init__(self, position: int, passes_after: int | None) -> None:
        self.position, self._left = position, passes_after

    def has_passed(self) -> bool:
        if self._left is None:
            return False
        self._left -= 1
        return self._left < 0


def _digests(cities: dict[str, str], keys: Collection[str] | None) -> dict[str, Digest]:
    return {
        key: row_digest(key, city) for key, city in cities.items() if keys is None or key in keys
    }


class SteppingClock:
    """Time passes only in `sleep`; each sleep runs the next of `steps`, as long as there are."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.now, self.sleeps, self._steps = 100.0, 0, iter(steps)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.now += seconds
        self.sleeps += 1
        next(self._steps, lambda: None)()
