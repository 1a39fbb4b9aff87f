"""The measure of the stream: what Cassandra has, and how long batches took."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry

from contract.stores.cassandra import batches
from control_center.config import DEAD_LETTERS, TOPIC
from control_center.metrics.stream import Stream, StreamDetails
from tests.control_center.health.stages.in_memory import clients

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
    def __init__(self, *rows: Row) -> None:
        self.rows = list(rows)

    def execute(self, query: str, parameters: Any) -> list[Row]:
        of_day = [row for row in self.rows if row.written_at.date() == parameters[1]]
        if query == batches.NEWEST:
            return of_day[::-1][: parameters[2]]
        return [row for row in of_day if row.written_at >= parameters[2].replace(tzinfo=None)]


class InMemoryKafka:
    dead = 0

    def offsets(self, topic: str) -> dict[int, int]:
        assert topic == DEAD_LETTERS
        return {0: self.dead}

    def earliest(self, topic: str) -> dict[int, int]:
        assert topic == TOPIC
        return {0: 3}


class Measured:
    """A stream over in-memory stores."""

    def __init__(self, *rows: Row) -> None:
        self.registry = CollectorRegistry()
        self.cassandra, self.kafka = InMemoryCassandra(*rows), InMemoryKafka()
        self._stream = Stream(self.registry)

    def delivered(self) -> int:
        result = self._stream.measure(clients(cassandra=self.cassandra, kafka=self.kafka))
        assert isinstance(result.details, StreamDetails)
        return result.details.delivered

    def batches(self) -> tuple[float | None, float | None]:
        """Number of batches, and their seconds in all."""
        name = "riada_stream_batch_seconds"
        return self.registry.get_sample_value(f"{name}_count"), self.registry.get_sample_value(
            f"{name}_sum"
        )


def test_before_the_first_batch_all_that_retention_took_counts_as_delivered() -> None:
    assert Measured().delivered() == 3


def test_changes_up_to_the_newest_batch_without_dead_letters() -> None:
    measured = Measured(Row(1, 10), Row(2, 40))
    measured.kafka.dead = 4
    assert measured.delivered() == 36


def test_a_counter_never_goes_back() -> None:
    """Dead letters are sent before their batch is recorded."""
    measured = Measured(Row(1, 40))
    assert measured.delivered() == 40
    measured.kafka.dead = 5
    assert measured.delivered() == 40
    measured.cassandra.rows.append(Row(2, 50))
    assert measured.delivered() == 45


def test_each_batch_since_the_start_is_measured_once() -> None:
    measured = Measured(Row(1, 10, 60))
    measured.delivered()
    assert measured.batches() == (0, 0), "batches of before the start"
    measured.cassandra.rows += [Row(2, 20, 1.5), Row(3, 30, 2.5)]
    measured.delivered()
    measured.delivered()
    assert measured.batches() == (2, 4)
