"""The job's topics through Kafka's admin client, whose answers are in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import SparkSession
from riada_stream.settings import Settings
from riada_stream.source import topics
from riada_stream.source.topics import TopicIdentity, TopicState

from contract.kafka.topics import dead_letters, events
from tests.spark.samples import USERS

TOPIC, DEAD_LETTERS = events(USERS).name, dead_letters(USERS)
DEAD_LETTER_TOPIC = DEAD_LETTERS.name


class Answer:
    """Kafka's answers are chains of methods: every method returns the chain, get() the value."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def get(self) -> Any:
        return self._value

    def __getattr__(self, name: str) -> Callable[[], Answer]:
        return lambda: self


class InMemoryPartition:
    def __init__(self, number: int) -> None:
        self._number = number

    def partition(self) -> int:
        return self._number


class InMemoryDescription:
    def partitions(self) -> list[InMemoryPartition]:
        return [InMemoryPartition(0), InMemoryPartition(1)]

    def topicId(self) -> Any:  # noqa: N802
        class TopicId:
            def toString(self) -> str:  # noqa: N802
                return "IG1vbo2LR1mEPRlOnOkmYQ"

        return TopicId()


class InMemoryOffset:
    def __init__(self, offset: int) -> None:
        self._offset = offset

    def offset(self) -> int:
        return self._offset


class InMemoryAdmin:
    def __init__(self, names: set[str], latest: str = "LatestSpec") -> None:
        self.names = names
        self.latest = latest
        self.created: list[tuple[str, dict[str, str]]] = []

    def listTopics(self) -> Answer:  # noqa: N802
        return Answer(self.names)

    def createTopics(self, new: Any) -> Answer:  # noqa: N802
        for topic in new:
            self.created.append((topic.name(), dict(topic.configs())))
            self.names.add(topic.name())
        return Answer(None)

    def describeTopics(self, names: Any) -> Answer:  # noqa: N802
        return Answer({name: InMemoryDescription() for name in names})

    def listOffsets(self, request: Any) -> Answer:  # noqa: N802
        def offset(partition: Any) -> InMemoryOffset:
            is_latest = self.latest in request[partition].toString()
            return InMemoryOffset(10 * partition.partition() + (7 if is_latest else 0))

        return Answer({partition: offset(partition) for partition in request})


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> InMemoryAdmin:
    admin = InMemoryAdmin({TOPIC, DEAD_LETTER_TOPIC})

    def with_admin(spark: SparkSession, _: Settings, use: Callable[[Any, Any], Any]) -> Any:
        return use(admin, spark._jvm)

    monkeypatch.setattr(topics, "with_admin", with_admin)
    return admin


def test_both_topics_exist(spark: SparkSession, admin: InMemoryAdmin) -> None:
    assert topics.not_ready_cause(spark, Settings("r1"), USERS) is None
    assert admin.created == []


def test_a_missing_users_topic_is_the_cause(spark: SparkSession, admin: InMemoryAdmin) -> None:
    admin.names.clear()
    cause = topics.not_ready_cause(spark, Settings("r1"), USERS)
    assert cause == f"Kafka: topic {TOPIC} does not exist yet; the connector manager creates it"


def test_a_missing_dead_letter_topic_is_created_with_its_settings(
    spark: SparkSession, admin: InMemoryAdmin
) -> None:
    admin.names.remove(DEAD_LETTER_TOPIC)
    assert topics.not_ready_cause(spark, Settings("r1"), USERS) is None
    assert admin.created == [(DEAD_LETTER_TOPIC, DEAD_LETTERS.settings)]


def test_kafka_that_does_not_answer_is_the_cause(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test uses the real client."""
    monkeypatch.setattr(topics, "TIMEOUT_MS", 500)
    cause = topics.not_ready_cause(spark, Settings("r1", kafka_bootstrap="127.0.0.1:9"), USERS)
    assert cause is not None
    assert cause.startswith("Kafka at 127.0.0.1:9: ")


def test_the_state_of_the_topic(spark: SparkSession, admin: InMemoryAdmin) -> None:
    partitions = topics.read_state(spark, Settings("r1"), USERS, "log")
    assert partitions == TopicState(
        TOPIC, TopicIdentity("IG1vbo2LR1mEPRlOnOkmYQ", "log"), {0: 0, 1: 10}, {0: 7, 1: 17}
    )


def test_the_id_of_the_topic(spark: SparkSession, admin: InMemoryAdmin) -> None:
    assert topics.read_id(spark, Settings("r1"), USERS) == "IG1vbo2LR1mEPRlOnOkmYQ"
