"""The measure of the stream: what Cassandra has, and how long batches took."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry

from contract.stores.cassandra import batches
from control_center.metrics.stream import Stream, StreamDetails
from control_center.pipeline.browse import topics
from tests.control_center.health.stages.in_memory import clients
from tests.control_center.health.tables import TABLES

NOW = datetime.now(UTC).replace(microsecond=0, tzinfo=None)  # as the driver returns it


@dataclass
class Row:
    """A row of people.batches, of a batch that ends at `end` and took `seconds`."""

    batch_id: int
    end: int
    seconds: float = 2.0
    upserts: int = 0
    deletes: int = 0
    dead_letters: int = 0
    release: str = "abc"
    driver_id: str = "driver-1"

    @property
    def written_at(self) -> datetime:
        return NOW + timedelta(seconds=self.batch_id)

    @property
    def started_at(self) -> datetime:
        return self.written_at - timedelta(seconds=self.seconds)

    @property
    def end_offsets(self) -> str:
        return json.dumps({"0": self.end})

    start_offsets = end_offsets  # nothing to sample


class InMemoryCassandra:
    """`rows`: of people.batches, by table. Counts the reads of each table."""

    def __init__(self, **rows: list[Row]) -> None:
        self.rows = rows
        self.reads: Counter[str] = Counter()

    def execute(self, query: str, parameters: Any) -> list[Row]:
        table = parameters[0]
        self.reads[table] += 1
        of_day = [row for row in self.rows[table] if row.written_at.date() == parameters[1]]
        if query == batches.NEWEST:
            return of_day[::-1][: parameters[2]]
        return [row for row in of_day if row.written_at >= parameters[2].replace(tzinfo=None)]


class InMemoryKafka:
    """`ends`: table → end of its topic, which begins at 3; `dead`: table → dead letters."""

    def __init__(self, **ends: int) -> None:
        self.ends, self.dead = ends, dict.fromkeys(ends, 0)

    def topics(self) -> dict[str, str]:
        names = [name for table in TABLES.values() for name in topics(table)]
        return dict.fromkeys(names, "described")

    def spans(self, wanted: dict[str, str]) -> dict[str, dict[int, tuple[int, int]]]:
        assert set(wanted.values()) == {"described"}
        spans: dict[str, dict[int, tuple[int, int]]] = {}
        for name, table in TABLES.items():
            events, dead_letters = topics(table)
            spans[events] = {0: (3, self.ends[name])}
            spans[dead_letters] = {0: (0, self.dead[name])}
        return spans


class Measured:
    """A stream over in-memory stores; `orders` has no messages unless it has rows."""

    def __init__(self, *users: Row, orders: Sequence[Row] = ()) -> None:
        self.registry = CollectorRegistry()
        self.cassandra = InMemoryCassandra(users=list(users), orders=list(orders))
        ends = [max((row.end for row in rows), default=3) for rows in (users, orders)]
        self.kafka = InMemoryKafka(users=ends[0], orders=ends[1])
        self._stream = Stream(self.registry)

    def add(self, *users: Row) -> None:
        self.cassandra.rows["users"] += users
        self.kafka.ends["users"] = max(row.end for row in users)

    def delivered(self, table: str = "users") -> int:
        result = self._stream.measure(clients(cassandra=self.cassandra, kafka=self.kafka))
        assert isinstance(result.details, StreamDetails)
        return result.details.delivered[table]

    def batches(self) -> tuple[float | None, float | None]:
        """Number of batches of users, and their seconds in all."""
        name, labels = "riada_stream_batch_seconds", {"table": "users"}
        return self.registry.get_sample_value(
            f"{name}_count", labels
        ), self.registry.get_sample_value(f"{name}_sum", labels)


def test_before_the_first_batch_all_that_retention_took_counts_as_delivered() -> None:
    assert Measured().delivered() == 3


def test_changes_up_to_the_newest_batch_without_dead_letters() -> None:
    measured = Measured(Row(1, 10), Row(2, 40), orders=[Row(1, 7)])
    measured.kafka.dead["users"] = 4
    assert measured.delivered() == 36
    assert measured.delivered("orders") == 7


def test_only_tables_with_new_messages_are_read() -> None:
    measured = Measured(Row(1, 10), orders=[Row(1, 7)])
    measured.delivered()
    before = measured.cassandra.reads.copy()
    measured.add(Row(2, 20))
    measured.delivered()
    assert measured.cassandra.reads["users"] > before["users"]
    assert measured.cassandra.reads["orders"] == before["orders"]


def test_a_counter_never_goes_back() -> None:
    """Dead letters are sent before their batch is recorded."""
    measured = Measured(Row(1, 40))
    assert measured.delivered() == 40
    measured.kafka.dead["users"] = 5
    assert measured.delivered() == 40
    measured.add(Row(2, 50))
    assert measured.delivered() == 45


def test_each_batch_since_the_start_is_measured_once() -> None:
    measured = Measured(Row(1, 10, 60))
    measured.delivered()
    assert measured.batches() == (0, 0), "batches of before the start"
    measured.add(Row(2, 20, 1.5), Row(3, 30, 2.5))
    measured.delivered()
    measured.delivered()
    assert measured.batches() == (2, 4)


def test_batches_of_a_topic_that_was_created_again_are_measured() -> None:
    measured = Measured(Row(1, 90))
    measured.delivered()
    measured.add(Row(2, 20))
    measured.delivered()
    assert measured.batches() == (1, 2)
