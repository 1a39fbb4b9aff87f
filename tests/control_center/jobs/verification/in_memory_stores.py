"""Two stores and the pipeline between them, in memory, for the decisions of the verification.

PostgreSQL numbers its transactions, and writes each version of a row behind the former ones, so
that rows move. A change reaches Cassandra only by `deliver`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from contract.errors import UnreachableError
from contract.jobs.compare import OffsetGap
from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.tokens import FIRST_TOKEN, LAST_TOKEN
from contract.table.table import Table
from control_center.jobs.verification.stores import (
    CassandraRow,
    Changes,
    PostgresRow,
    Row,
    Snapshot,
)
from tests.control_center.sample_tables import USERS

CITY = USERS.names.index("city")
ROWS_OF_BLOCK = 2
OUTSIDE = "outside"  # the city of a row that no other store can hold


def row(key: str, city: str | None) -> Row:
    values = {"id": key, "city": city}
    return tuple(values.get(name) for name in USERS.names)


@dataclass
class Version:
    city: str
    xid: int
    place: int


@dataclass
class Change:
    """`city`: None for a delete. The offset on the topic is the position in InMemoryStores.topic;
    None for a change that capture has lost."""

    key: str
    city: str | None
    lsn: int
    at: float
    is_lost: bool = False


class Clock:
    """Time passes only in `sleep`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def process_time(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.now += seconds


class InMemoryBarrier:
    def __init__(self, stores: InMemoryStores) -> None:
        self._stores, self.position = stores, stores.lsn

    def has_passed(self) -> bool:
        return all(change.lsn > self.position for change in self._stores.undelivered)


class InMemoryStores:
    """Implements `Stores`. `running`: numbers of open transactions with the changes that they will
    commit. `cause`: why every read fails."""

    table: Table = USERS

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rows: dict[str, Version] = {}
        self.cassandra: dict[str, CassandraRow] = {}
        self.topic: list[Change] = []
        self.history: list[Change] = []
        self.running: dict[int, list[tuple[str, str | None]]] = {}
        self.epoch, self.file = "epoch 1", 1
        self.xid, self.lsn, self.delivered, self.places = 10, 100, 0, 0
        self.cause = ""
        self.batch_gaps: list[OffsetGap] = []
        self.compared: float | None = None
        self.confirmed: list[float] = []
        self.reads = 0

    # what applications and the pipeline do

    def change(self, key: str, city: str | None, *, lost: bool = False) -> None:
        """A transaction of its own."""
        self.commit(self.begin(key, city), lost=lost)

    def begin(self, key: str, city: str | None) -> int:
        self.xid += 1
        self.running[self.xid - 1] = [(key, city)]
        return self.xid - 1

    def commit(self, xid: int, *, lost: bool = False) -> None:
        for key, city in self.running.pop(xid):
            if city is None and key not in self.rows:
                continue
            self.lsn += 10
            self.clock.now += 0.001
            if city is None:
                del self.rows[key]
            else:
                self.rows[key] = Version(city, xid, self.places)
                self.places += 1
            change = Change(key, city, self.lsn, self.clock.now, lost)
            self.history.append(change)
            if not lost:
                self.topic.append(change)

    @property
    def undelivered(self) -> list[Change]:
        return self.topic[self.delivered :]

    def deliver(self, count: int | None = None) -> None:
        for change in self.undelivered[:count]:
            place = TopicOffset(0, self.delivered)
            if change.city is None:
                self.cassandra.pop(change.key, None)
            else:
                stored = row(change.key, change.city)
                self.cassandra[change.key] = CassandraRow(stored, change.lsn, place)
            self.delivered += 1

    def resend(self, key: str) -> None:
        """As a repair does."""
        version = self.rows.get(key)
        self.lsn += 10
        city = version.city if version else None
        self.topic.append(Change(key, city, self.lsn, self.clock.now))

    def rewrite(self) -> None:
        """VACUUM FULL, in another order."""
        self.file += 1
        for place, version in enumerate(reversed(list(self.rows.values()))):
            version.place = place
        self.places = len(self.rows)

    # Stores

    def identity(self) -> str:
        self._read()
        return self.epoch

    def snapshot(self) -> Snapshot:
        self._read()
        blocks = -(-self.places // ROWS_OF_BLOCK)
        xmin = min(self.running, default=self.xid)
        return Snapshot(xmin, self.xid, self.clock.now, blocks, self.file, 4096.0)

    @contextmanager
    def changed(self, since: Snapshot) -> Iterator[Changes]:
        keys = [key for key, version in self.rows.items() if version.xid >= since.xmin]
        seen = {key: self._of(key) for key in keys}
        parts = [dict(list(seen.items())[at : at + 2]) for at in range(0, len(seen), 2)]
        yield Changes(self.snapshot(), len(seen), iter(parts))

    def blocks(self, start: int, end: int) -> Mapping[str, PostgresRow]:
        self._read()
        places = range(start * ROWS_OF_BLOCK, end * ROWS_OF_BLOCK)
        return {key: self._of(key) for key, item in self.rows.items() if item.place in places}

    def in_postgres(self, keys: Collection[str]) -> Mapping[str, PostgresRow]:
        self._read()
        return {key: self._of(key) for key in keys if key in self.rows}

    def in_cassandra(self, keys: Collection[str]) -> Mapping[str, CassandraRow]:
        self._read()
        return {key: self.cassandra[key] for key in keys if key in self.cassandra}

    def unknown_to_postgres(self, keys: Sequence[Row]) -> list[str]:
        self._read()
        return [key for (key,) in keys if key not in self.rows]

    def keys_in_cassandra(self, start: int, end: int) -> Iterator[Sequence[Row]]:
        for key in sorted(self.cassandra):
            if start < token(key) <= end:
                self._read()
                yield [(key,)]

    def barrier(self) -> InMemoryBarrier:
        self._read()
        return InMemoryBarrier(self)

    def event(self, offset: TopicOffset) -> tuple[str, Row | None] | None:
        if offset.offset >= len(self.topic):
            return None
        change = self.topic[offset.offset]
        return change.key, None if change.city is None else row(change.key, change.city)

    def is_outside(self, values: Row) -> bool:
        return bool(values[CITY] == OUTSIDE)

    def gaps(self) -> list[OffsetGap]:
        return self.batch_gaps

    def compared_at(self) -> float | None:
        return self.compared

    def confirm(self, since: float) -> None:
        self.confirmed.append(since)

    def _of(self, key: str) -> PostgresRow:
        version = self.rows[key]
        return PostgresRow(row(key, version.city), f"{version.xid} {version.place}")

    def _read(self) -> None:
        self.reads += 1
        if self.cause:
            raise UnreachableError("cassandra-1", self.cause)


def token(key: str) -> int:
    """Spread over all tokens, by the last digit."""
    return FIRST_TOKEN + 1 + (LAST_TOKEN - FIRST_TOKEN) // 10 * int(key[-1])
