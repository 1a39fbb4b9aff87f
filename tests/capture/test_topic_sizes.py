"""Every table has the same share of the bytes that the installation gives to topics."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from capture.clients.source import UnavailableError
from capture.clients.topic_sizes import GIB, PAUSE_S, TopicSizes
from capture.settings import Settings
from contract.kafka.retention import SizeLimit, table_limits
from contract.kafka.topics import dead_letters, events
from contract.table.file import read
from contract.table.table import Table

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
    """`present`: topic → its settings; `calls`: the limits of each call that had some."""

    present: dict[str, dict[str, str]] = field(
        default_factory=lambda: {topic: {"retention.ms": "1"} for topic in TOPICS}
    )
    answers: bool = True
    calls: list[dict[str, SizeLimit]] = field(default_factory=list)

    def settings(self, topics: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        if not self.answers:
            raise UnavailableError("Kafka: no answer")
        return {topic: self.present[topic] for topic in topics if topic in self.present}

    def limit(self, limits: Mapping[str, SizeLimit]) -> None:
        if limits:
            self.calls.append(dict(limits))
        for topic, limit in limits.items():
            self.present[topic] |= limit.settings()


class Follower:
    """Each call of `follow` comes `after_s` seconds after the last one."""

    def __init__(self, topics: InMemoryTopics | None = None, gib: int = 16) -> None:
        self.topics, self.now = topics or InMemoryTopics(), 0.0
        self.reports: list[str] = []
        installation = replace(SETTINGS, kafka_log_gib=gib)
        self.sizes = TopicSizes(
            installation, self.topics, self.reports.append, clock=lambda: self.now
        )

    def follow(self, *tables: Table, after_s: float = PAUSE_S) -> None:
        self.now += after_s
        self.sizes.follow(tables)


def test_a_limit_is_set_once() -> None:
    follower = Follower()
    for _ in range(2):
        follower.follow(ORDERS)
    share = table_limits(16 * GIB, 1, 4)
    assert follower.topics.calls == [
        {"riada.public.orders": share.events, "riada.public.orders.dead-letter": share.dead_letters}
    ]
    assert follower.reports == []


def test_a_second_table_halves_the_limit_of_the_first() -> None:
    follower = Follower()
    follower.follow(ORDERS)
    follower.follow(ORDERS, LINES)
    assert follower.topics.calls[1].keys() == TOPICS
    assert follower.topics.calls[1]["riada.public.orders"] == table_limits(16 * GIB, 2, 4).events


def test_a_topic_that_lost_its_limit_gets_it_again() -> None:
    """It was created again, or ZooKeeper lost its data."""
    follower = Follower()
    follower.follow(ORDERS)
    del follower.topics.present["riada.public.orders"]
    follower.follow(ORDERS)
    follower.topics.present["riada.public.orders"] = {}
    follower.follow(ORDERS, after_s=PAUSE_S / 2)
    assert len(follower.topics.calls) == 1, "Kafka is asked every PAUSE_S only"
    follower.follow(ORDERS)
    assert [set(call) for call in follower.topics.calls[1:]] == [{"riada.public.orders"}]


def test_kafka_that_does_not_answer_is_reported_once_and_asked_again() -> None:
    follower = Follower()
    follower.topics.answers = False
    for _ in range(2):
        follower.follow(ORDERS)
    assert follower.reports == ["the sizes of topics are not limited yet: Kafka: no answer"]
    follower.topics.answers = True
    follower.follow(ORDERS)
    assert len(follower.topics.calls) == 1


def test_a_budget_that_is_too_small_is_reported_with_the_one_that_is_needed() -> None:
    tables = [read(f"t{number}", 'key = ["id"]\n[columns]\nid = "int4"\n') for number in range(20)]
    follower = Follower(gib=1)
    for _ in range(2):
        follower.follow(*tables)
    (report,) = follower.reports
    assert "the topics of 20 tables may take 5 GiB on each broker" in report
    assert "48 MiB" in report
    assert "KAFKA_LOG_GIB" in report
