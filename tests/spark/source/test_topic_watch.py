"""A topic that is made again while a query reads it is noticed."""

from __future__ import annotations

from riada_stream.source.topic_watch import INTERVAL_S, TopicWatch


class Kafka:
    def __init__(self) -> None:
        self.now = 0.0
        self.id: str | None = "first"
        self.asked = 0

    def read_id(self) -> str:
        self.asked += 1
        if self.id is None:
            raise RuntimeError("Kafka: timeout")
        return self.id


def test_another_id_is_another_topic() -> None:
    kafka = Kafka()
    watch = TopicWatch("first", kafka.read_id, lambda: kafka.now)
    assert not watch.is_replaced()
    assert kafka.asked == 0, "it asks at intervals"
    kafka.now += INTERVAL_S
    assert not watch.is_replaced()
    kafka.id = "second"
    assert not watch.is_replaced()
    assert kafka.asked == 1
    kafka.now += INTERVAL_S
    assert watch.is_replaced()


def test_a_broker_that_does_not_answer_ends_no_query() -> None:
    kafka = Kafka()
    kafka.id = None
    watch = TopicWatch("first", kafka.read_id, lambda: kafka.now)
    kafka.now += INTERVAL_S
    assert not watch.is_replaced()
    assert kafka.asked == 1
