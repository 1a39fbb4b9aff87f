"""Every table has the same share of the bytes that the installation gives to topics."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from capture.clients.source import UnavailableError
from capture.clients.topic_sizes import GIB, TopicSizes
from capture.settings import Settings
from contract.kafka.retention import SizeLimit, table_limits
from contract.kafka.topics import dead_letters, events
from contract.table.file import read

SETTINGS = Settings(
    kafka_bootstrap="kafka-1:9092",
    schema_registry_url="",
    postgres_host="",
    postgres_port=5432,
    topic_partitions=4,
    replication_factor=1,
    kafka_log_gib=16,
)
ORDERS, LINES = (
    read(name, 'key = ["id"]\n[columns]\nid = "int4"\n') for name in ("orders", "lines")
)
TOPICS = {topic(table).name for table in (ORDERS, LINES) for topic in (events, dead_letters)}


@dataclass
class InMemoryTopics:
    """`names`: the topics that exist; `calls`: the limits of each call that had some."""

    names: set[str] = field(default_factory=lambda: {*TOPICS, "riada.capture"})
    answers: bool = True
    calls: list[dict[str, SizeLimit]] = field(default_factory=list)

    def present(self) -> Collection[str]:
        if not self.answers:
            raise UnavailableError("Kafka: no answer")
        return self.names

    def limit(self, limits: Mapping[str, SizeLimit]) -> None:
        if limits:
            self.calls.append(dict(limits))


def sizes(topics: InMemoryTopics, gib: int = 16) -> tuple[TopicSizes, list[str]]:
    reports: list[str] = []
    return TopicSizes(replace(SETTINGS, kafka_log_gib=gib), topics, reports.append), reports


def test_a_limit_is_set_once() -> None:
    topics = InMemoryTopics()
    follower, reports = sizes(topics)
    for _ in range(2):
        follower.follow([ORDERS])
    share = table_limits(16 * GIB, 1, 4)
    assert topics.calls == [
        {"riada.public.orders": share.events, "riada.public.orders.dead-letter": share.dead_letters}
    ]
    assert reports == []


def test_a_second_table_halves_the_limit_of_the_first() -> None:
    topics = InMemoryTopics()
    follower, _ = sizes(topics)
    follower.follow([ORDERS])
    follower.follow([ORDERS, LINES])
    assert topics.calls[1].keys() == TOPICS
    assert topics.calls[1]["riada.public.orders"] == table_limits(16 * GIB, 2, 4).events


def test_a_topic_that_was_created_again_gets_its_limit_again() -> None:
    topics = InMemoryTopics()
    follower, _ = sizes(topics)
    follower.follow([ORDERS])
    topics.names.remove("riada.public.orders")
    follower.follow([ORDERS])
    topics.names.add("riada.public.orders")
    follower.follow([ORDERS])
    assert [set(call) for call in topics.calls[1:]] == [{"riada.public.orders"}]


def test_kafka_that_does_not_answer_is_reported_once_and_asked_again() -> None:
    topics = InMemoryTopics(answers=False)
    follower, reports = sizes(topics)
    follower.follow([ORDERS])
    follower.follow([ORDERS])
    assert reports == ["the sizes of topics are not limited yet: Kafka: no answer"]
    topics.answers = True
    follower.follow([ORDERS])
    assert len(topics.calls) == 1


def test_a_budget_that_is_too_small_is_reported_with_the_one_that_is_needed() -> None:
    follower, reports = sizes(InMemoryTopics(), gib=1)
    tables = [read(f"t{number}", 'key = ["id"]\n[columns]\nid = "int4"\n') for number in range(20)]
    topics = {topic(table).name for table in tables for topic in (events, dead_letters)}
    follower.topics = InMemoryTopics(topics)
    follower.follow(tables)
    (report,) = reports
    assert "the topics of 20 tables may take 5 GiB on each broker" in report
    assert "48 MiB" in report
    assert "KAFKA_LOG_GIB" in report
