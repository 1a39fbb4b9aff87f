"""Tables without messages share one request for the ends of their topics."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyspark.sql import SparkSession
from riada_stream.settings import Settings
from riada_stream.source import arrivals as module
from riada_stream.source.arrivals import INTERVAL_S, Arrivals, KafkaEnds

from contract.stores.cassandra.batches import Offsets
from tests.spark.in_memory import Clock


class Kafka:
    def __init__(self) -> None:
        self.ends: dict[str, Offsets] = {"a": {0: 5}, "b": {0: 7}}
        self.requests: list[frozenset[str]] = []
        self.is_down = False

    def __call__(self, topics: frozenset[str]) -> dict[str, Offsets]:
        self.requests.append(topics)
        if self.is_down:
            raise ConnectionError("kafka")
        return {topic: dict(self.ends[topic]) for topic in topics}


@pytest.fixture
def kafka() -> Kafka:
    return Kafka()


def test_a_message_arrives(kafka: Kafka) -> None:
    clock = Clock()
    arrivals = Arrivals(kafka, clock)
    assert not arrivals.has_new("a", {0: 5})
    kafka.ends["a"] = {0: 6}
    clock.now += INTERVAL_S * 2
    assert arrivals.has_new("a", {0: 5})


def test_a_new_partition_and_a_topic_that_became_shorter_count_too(kafka: Kafka) -> None:
    arrivals = Arrivals(kafka, Clock())
    assert arrivals.has_new("a", {0: 9})
    assert arrivals.has_new("a", {0: 5, 1: 0})


def test_tables_share_a_request(kafka: Kafka) -> None:
    clock = Clock()
    arrivals = Arrivals(kafka, clock)
    for _ in range(3):
        for topic, read in (("a", {0: 5}), ("b", {0: 7})):
            assert not arrivals.has_new(topic, read)
        clock.now += INTERVAL_S * 2
    assert kafka.requests == [frozenset("a"), *[frozenset("ab")] * 3]


def test_a_topic_that_is_read_again_is_not_asked_for(kafka: Kafka) -> None:
    clock = Clock()
    arrivals = Arrivals(kafka, clock)
    arrivals.has_new("a", {0: 5})
    arrivals.has_new("b", {0: 7})
    arrivals.forget("a")
    clock.now += INTERVAL_S * 2
    arrivals.has_new("b", {0: 7})
    assert kafka.requests[-1] == frozenset("b")


def test_an_outage_starts_the_queries(kafka: Kafka) -> None:
    kafka.is_down = True
    assert Arrivals(kafka, Clock()).has_new("a", {0: 5})


class InMemoryConsumer:
    """Its answers are Java's maps as text. Topics a and b-1, of two partitions."""

    def __init__(self) -> None:
        self.listed: list[str] = []
        self.is_down = self.is_closed = False

    def partitionsFor(self, topic: str) -> list[InMemoryPartition]:  # noqa: N802
        self.listed.append(topic)
        return [InMemoryPartition(0), InMemoryPartition(1)]

    def endOffsets(self, partitions: Iterable[object]) -> InMemoryMap:  # noqa: N802
        if self.is_down:
            raise ConnectionError("kafka")
        return InMemoryMap(str(place) for place in partitions)

    def close(self) -> None:
        self.is_closed = True


class InMemoryPartition:
    def __init__(self, number: int) -> None:
        self._number = number

    def partition(self) -> int:
        return self._number


class InMemoryMap:
    def __init__(self, places: Iterable[str]) -> None:
        self._places = sorted(places)

    def toString(self) -> str:  # noqa: N802
        return f"{{{', '.join(f'{place}={7 + n}' for n, place in enumerate(self._places))}}}"


def test_the_ends_of_all_topics_come_with_one_consumer(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumers = [InMemoryConsumer(), InMemoryConsumer()]
    new = iter(consumers)
    monkeypatch.setattr(module, "new_consumer", lambda *_: next(new))
    ends = KafkaEnds(spark, Settings("r1"))
    both, expected = frozenset({"a", "b-1"}), {"a": {0: 7, 1: 8}, "b-1": {0: 9, 1: 10}}
    assert [ends(both), ends(both)] == [expected] * 2
    assert sorted(consumers[0].listed) == ["a", "b-1"], "partitions are listed once"
    assert ends(frozenset("a")) == {"a": {0: 7, 1: 8}}
    consumers[0].is_down = True
    with pytest.raises(ConnectionError):
        ends(both)
    assert consumers[0].is_closed
    assert ends(both) == expected
    assert sorted(consumers[1].listed) == ["a", "b-1"]
