"""A platform in memory: what the manager sees of PostgreSQL, Kafka and Kafka Connect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from capture.clients.connect import Run, Status
from capture.clients.postgres import Requested
from capture.clients.source import Identity, Member, Scan, Slot, Source, UnavailableError
from capture.settings import Settings
from contract.kafka.capture import TOPIC, Capture, EpochRequest
from contract.kafka.topics import events
from contract.table.column import Column
from contract.table.kinds.integer import Int4
from contract.table.table import Table

FIRST = Identity("7001", "00000001")
USERS, ORDERS = (
    Table(name, (Column("id", Int4()), Column("line", Int4())), ("id",))
    for name in ("users", "orders")
)
SETTINGS = Settings(
    kafka_bootstrap="kafka-1:9092",
    schema_registry_url="http://schema-registry:8081",
    postgres_host="postgres",
    postgres_port=5432,
    topic_partitions=4,
    replication_factor=3,
    kafka_table_gib=16,
)


@dataclass
class Memory:
    """`calls` are the calls that all three received; `failing` is the next call to fail. `tables`
    are deployed."""

    source: Source = field(
        default_factory=lambda: Source(
            FIRST, 1_000, 0, 0, True, None, {"public.users": Member(1), "riada.signal": Member(2)}
        )
    )
    tables: dict[str, Table] = field(default_factory=lambda: {"users": USERS})
    status_: Status = field(default_factory=lambda: Status(Run.CHANGING))
    config: dict[str, str] | None = None
    records: list[Capture] = field(default_factory=list)
    request: EpochRequest | None = None
    topic_messages: int = 0
    without_leader: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)
    made: int = 0  # topics
    cluster: str = "cluster-1"
    requested_rows: list[list[str]] = field(default_factory=list)
    # Whether the driver runs the tables as they are deployed.
    streams: bool = True
    next_transaction: int = 0
    slots: list[str] = field(default_factory=list)
    connectors: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    failing: str = ""
    now: float = 0.0

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name == self.failing:
            self.failing = ""
            raise UnavailableError(f"{name} failed")

    # PostgreSQL
    def read_source(self) -> Source:
        return self.source

    def begin(self, epoch: int, reason: str, tables: Mapping[str, Requested]) -> int:
        self._call("begin")
        self.source = replace(self.source, epoch=epoch, mark=self.source.mark + 1)
        self._request(epoch, tables)
        return self.source.mark

    def mark(self, epoch: int) -> int:
        self.source = replace(self.source, mark=self.source.mark + 1)
        return self.source.mark

    def request_rows(self, epoch: int, tables: Mapping[str, Requested]) -> None:
        self._call("request_rows")
        self.requested_rows.append(sorted(tables))
        self._request(epoch, tables)

    def transaction(self) -> tuple[int, int]:
        """`next_transaction`, and the oldest that runs."""
        return self.next_transaction, min(self.source.oldest, self.next_transaction)

    def leave(self, names: Collection[str]) -> None:
        self._call("leave")
        for name in names:
            self.scan(name, published=None)

    def drop_slot(self, name: str = "") -> None:
        self._call("drop_slot")
        self.slots.append(name)
        self.source = replace(self.source, slot=None)

    # Kafka Connect
    def status(self) -> Status:
        return self.status_

    def configuration(self) -> dict[str, str] | None:
        return self.config

    def configure(self, configuration: dict[str, str]) -> None:
        self._call("configure")
        self.config = configuration
        self.run()

    def stop(self) -> None:
        self._call("stop")
        self.status_ = Status(Run.ORDERED)

    def delete_offsets(self) -> None:
        self._call("delete_offsets")

    def resume(self) -> None:
        self._call("resume")
        self.run()

    def restart(self, only_failed: bool) -> None:
        self._call("restart failed" if only_failed else "restart all")
        self.run()

    def delete(self) -> None:
        self._call("delete")
        self.config = None

    def delete_unknown(self) -> list[str]:
        unknown, self.connectors = self.connectors, []
        return unknown

    def run(self) -> None:
        self.status_ = Status(Run.RUNNING)
        slot = Slot(True, "reserved", f"0/{len(self.calls):X}")
        self.source = replace(self.source, slot=slot)

    # Kafka
    def begin_round(self) -> None:
        pass

    def newest(self) -> Capture | None:
        if TOPIC in self.deleted:
            raise UnavailableError("Kafka: unknown partition")
        return self.records[-1] if self.records else None

    def requested(self) -> EpochRequest | None:
        return self.request

    def cluster_id(self) -> str:
        return self.cluster

    def publish(self, capture: Capture) -> None:
        self._call("publish")
        self.records.append(capture)

    def messages(self, topics: Collection[str]) -> int:
        return self.topic_messages

    def leaderless(self, topics: Collection[str]) -> list[str]:
        return self.without_leader

    def missing(self, topics: Collection[str]) -> list[str]:
        return [*self.deleted, *(topic for topic in topics if topic not in self.topics)]

    def topic_ids(self, topics: Collection[str]) -> dict[str, str]:
        return {topic: self.topics[topic] for topic in topics if topic in self.topics}

    def make_topics(self, tables: Iterable[Table]) -> None:
        for table in tables:
            self.made += 0 if events(table).name in self.topics else 1
            self.topics.setdefault(events(table).name, f"id {self.made}")

    def check_deletable(self, tables: Iterable[Table]) -> None:
        self._call("check_deletable")

    def delete_events(self, tables: Iterable[Table]) -> None:
        self._call("delete_events")
        for table in tables:
            self.topics.pop(events(table).name, None)

    def _request(self, epoch: int, tables: Mapping[str, Requested]) -> None:
        requested = {name: Scan(oid, epoch) for name, (_, oid) in tables.items()}
        self.source = replace(self.source, scans={**self.source.scans, **requested})

    # changes that the tests make
    def publish_table(self, *tables: Table) -> None:
        """A release has them, and PostgreSQL has made them."""
        self.tables |= {table.name: table for table in tables}
        members = dict(self.source.members)
        for table in tables:
            members.setdefault(f"{table.schema}.{table.relation}", Member(len(members) + 1))
        self.source = replace(self.source, members=members)

    def publish_again(self, relation: str, unreadable: str = "") -> None:
        member = Member(self.source.members[relation].oid + 100, unreadable)
        self.source = replace(self.source, members={**self.source.members, relation: member})

    def scan(self, *names: str, **changes: Any) -> None:
        scans = {name: replace(self.source.scans[name], **changes) for name in names}
        self.source = replace(self.source, scans={**self.source.scans, **scans})

    def fail(self, trace: str) -> None:
        self.status_ = Status(Run.FAILED, trace)

    @property
    def epoch(self) -> int:
        return self.records[-1].epoch
