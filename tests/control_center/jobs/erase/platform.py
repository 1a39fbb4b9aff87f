"""A platform in memory with a person in every store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from contract.jobs.erase import EraseRequest, EraseResult
from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, TIMESTAMP
from contract.stores.cassandra.batches import BatchRecord
from contract.table.table import Table
from control_center.jobs.erase.run import erase_with
from control_center.pipeline.erasures.erasures import SECRET
from tests.control_center.in_memory_clients import (
    InMemoryClients,
    InMemoryMessage,
    event,
    message_key,
    person,
)
from tests.control_center.jobs.compare.in_memory import SteppingClock
from tests.control_center.sample_tables import DEAD_LETTERS, TOPIC, USERS

ADA = person("0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e", "marker of ada")
BOB = person("0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5f", "Bern")
NOW = datetime.now(UTC)


class Platform(InMemoryClients):
    """Its pipeline carries deletes to Cassandra, unless it is `stopped`."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        (state / SECRET).write_text("secret")
        self.stopped = False
        self.broker.keeps = True
        self.database.deleted = self.carry
        self.database.epoch = (3, "snapshot", NOW)

    def plant(self, *rows: tuple[object, ...]) -> None:
        """Each row is in every store."""
        for row in rows:
            key = str(row[0])
            self.database.rows["users"][key] = row
            self.store.rows["users"][key] = (row, (500, 1, 0, 0))
            number = len(self.database.rejects)
            item = {"login": {"uuid": key}, "city": row[USERS.names.index("city")]}
            self.database.rejects.append((number, "users", item, NOW - timedelta(hours=1)))
            stamp = (NOW - timedelta(hours=1)).isoformat().encode()
            headers = [(ORIGIN_PARTITION, b"0"), (ORIGIN_OFFSET, b"1"), (TIMESTAMP, stamp)]
            at_ms = int((NOW - timedelta(hours=1)).timestamp() * 1000)
            dead_letter = InMemoryMessage(message_key(row), event(row, 5), headers, at_ms)
            self.broker.add(DEAD_LETTERS, 0, dead_letter)

    def carry(self, table: str, key: str) -> None:
        if not self.stopped:
            self.store.rows[table].pop(key, None)

    def batch(self) -> None:
        """The streaming job has written all messages; a published delete event takes effect."""
        ends = self.broker.offsets(TOPIC)
        self.store.records = [BatchRecord(1, NOW, NOW, {}, ends, 0, 0, 0, "r", "d")]
        for message in self.broker.produced:
            if message["topic"] == TOPIC:
                self.store.rows["users"].pop(ADA[0], None)

    def stores_with_it(self) -> set[str]:
        """The stores that hold the marker."""
        first = self.broker.deleted.get((DEAD_LETTERS, 0), 0)
        kept = self.broker.topics.get(DEAD_LETTERS, {}).get(0, [])[first:]
        stores = {
            "postgres": repr(self.database.rows),
            "rejects": repr(self.database.rejects),
            "dead letters": repr([(item.key(), item.value()) for item in kept]),
            "cassandra": repr(self.store.rows),
        }
        return {name for name, text in stores.items() if "marker of ada" in text}


def erase(platform: Platform, key: str = ADA[0], table: Table = USERS) -> EraseResult:
    return erase_with(platform, table, EraseRequest(table.name, key), SteppingClock())


def again(platform: Platform) -> EraseResult:
    return erase_with(platform, USERS, EraseRequest("users", again=True), SteppingClock())
