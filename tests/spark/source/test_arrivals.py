"""Tables without messages share one request for the ends of their topics."""

from __future__ import annotations

import pytest
from riada_stream.source.arrivals import INTERVAL_S, Arrivals

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
