"""Kafka's answers and refusals, by an admin client in memory."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicCollection, TopicPartition, Uuid
from confluent_kafka.admin import ConfigResource, OffsetSpec

from contract.errors import UnreachableError
from control_center.clients.kafka import TIMEOUT_S, Kafka
from control_center.config import Settings

SETTINGS = Settings.load({"KAFKA_BOOTSTRAP": "kafka-1.riada.internal:9092,kafka-2:9092"})
DOWN = KafkaError(KafkaError._TRANSPORT, "all brokers are down")
UNKNOWN = KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART, "unknown topic")


@dataclass
class Topic:
    error: KafkaError | None = None
    partitions: dict[int, Any] = field(default_factory=dict)


@dataclass
class Value:
    """The result of a future: an offset, a setting or the id of a topic."""

    offset: int = 0
    value: str = ""
    topic_id: Uuid | None = None


class InMemoryAdmin:
    """Topics with two partitions: offsets 5 and 0 to 40 and 50. `error`: the error of every
    answer. `changed`: topic, name and value of each changed setting; `deleted`: topic, partition
    and the offset before which messages were deleted."""

    def __init__(self, *topics: str, error: KafkaError | None = None) -> None:
        self._topics, self._error = topics, error
        self.changed: list[tuple[str, str, str]] = []
        self.deleted: list[tuple[str, int, int]] = []

    def list_topics(self, topic: str | None = None, timeout: float = -1) -> Any:
        if self._error and self._error.code() == KafkaError._TRANSPORT:
            raise KafkaException(self._error)
        names = self._topics if topic is None else (topic,)
        topics = {
            name: Topic(None, {0: None, 1: None}) if name in self._topics else Topic(UNKNOWN)
            for name in names
        }
        if topic is not None and self._error:
            topics[topic].error = self._error
        return type("Metadata", (), {"topics": topics})()

    def list_offsets(
        self, topic_partition_offsets: dict[TopicPartition, OffsetSpec], **options: Any
    ) -> dict[TopicPartition, Future[Any]]:
        earliest = type(OffsetSpec.earliest())
        offsets = {True: (5, 0), False: (40, 50)}
        return {
            part: self._answer(Value(offset=offsets[isinstance(spec, earliest)][part.partition]))
            for part, spec in topic_partition_offsets.items()
        }

    def describe_topics(self, topics: TopicCollection, **options: Any) -> dict[str, Future[Any]]:
        answers = {name: self._answer(Value(topic_id=Uuid(1, -1))) for name in self._topics}
        return {name: answers.get(name) or self._answer(None, UNKNOWN) for name in ["t"]}

    def describe_configs(
        self, resources: list[ConfigResource], **options: Any
    ) -> dict[ConfigResource, Future[Any]]:
        return {resource: self._answer({"a": Value(value="7")}) for resource in resources}

    def incremental_alter_configs(
        self, resources: list[ConfigResource], **options: Any
    ) -> dict[ConfigResource, Future[Any]]:
        self.changed += [
            (str(resource.name), entry.name, str(entry.value))
            for resource in resources
            for entry in resource.incremental_configs
        ]
        return {resource: self._answer(None) for resource in resources}

    def delete_records(
        self, topic_partition_offsets: list[TopicPartition], **options: Any
    ) -> dict[TopicPartition, Future[Any]]:
        self.deleted += [
            (part.topic, part.partition, part.offset) for part in topic_partition_offsets
        ]
        return {part: self._answer(None) for part in topic_partition_offsets}

    def _answer(self, value: Any, error: KafkaError | None = None) -> Future[Any]:
        answer: Future[Any] = Future()
        if error := self._error or error:
            answer.set_exception(KafkaException(error))
        else:
            answer.set_result(value)
        return answer


def kafka(*topics: str, error: KafkaError | None = None) -> Kafka:
    return Kafka(SETTINGS, lambda: InMemoryAdmin(*topics, error=error))


def test_the_offsets_of_a_topic() -> None:
    assert kafka("t").offsets("t") == {0: 40, 1: 50}
    assert kafka("t").earliest("t") == {0: 5, 1: 0}


def test_a_topic_that_does_not_exist_has_no_offsets_and_no_setting() -> None:
    assert kafka().offsets("t") == {}
    assert kafka(error=UNKNOWN).settings(["t"], "a") == {}


def test_the_id_of_a_topic() -> None:
    assert kafka("t").topic_id("t") == "0000000000000001ffffffffffffffff"
    assert kafka().topic_id("t") == ""


def test_the_topics_of_kafka_itself_are_left_out() -> None:
    assert list(kafka("__consumer_offsets", "t").topics()) == ["t"]


def test_first_offset_and_end_of_every_partition() -> None:
    client = kafka("t", "u")
    assert client.spans(client.topics()) == {
        "t": {0: (5, 40), 1: (0, 50)},
        "u": {0: (5, 40), 1: (0, 50)},
    }


def test_a_setting_is_changed_and_messages_are_deleted() -> None:
    admin = InMemoryAdmin("t")
    client = Kafka(SETTINGS, lambda: admin)
    client.change_setting("t", "segment.ms", "1")
    client.delete_before("t", 1, 7)
    assert (admin.changed, admin.deleted) == ([("t", "segment.ms", "1")], [("t", 1, 7)])


def test_a_setting_of_each_topic() -> None:
    assert kafka("t", "u").settings(["t", "u"], "a") == {"t": "7", "u": "7"}
    assert kafka("t").settings([], "a") == {}
    assert kafka("t").all_settings(["t"])["t"]["a"] == "7"


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        (lambda client: client.metadata("t"), "gives no metadata"),
        (lambda client: client.topics(), "gives no metadata"),
        (lambda client: client.offsets("t"), "gives no metadata"),
        (lambda client: client.spans({"t": Topic(None, {0: None})}), "gives no offsets"),
        (lambda client: client.settings(["t"], "a"), "gives no settings"),
        (lambda client: client.topic_id("t"), "does not describe topics"),
        (lambda client: client.change_setting("t", "a", "1"), "does not set a of t"),
        (lambda client: client.delete_before("t", 0, 7), "does not delete from t"),
    ],
)
def test_a_cluster_that_is_down_is_named_by_its_first_broker(call: Any, cause: str) -> None:
    with pytest.raises(UnreachableError) as raised:
        call(kafka("t", error=DOWN))
    assert str(raised.value) == f"kafka-1: the cluster {cause} (all brokers are down)"


def test_another_error_of_the_topic_is_not_taken_for_its_absence() -> None:
    denied = KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED, "denied")
    with pytest.raises(UnreachableError, match="kafka-1: the cluster does not describe t"):
        kafka("t", error=denied).offsets("t")
    with pytest.raises(UnreachableError, match="gives no settings"):
        kafka("t", error=denied).settings(["t"], "a")


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.offsets("t"),
        lambda client: client.spans({"t": Topic(None, {0: None})}),
        lambda client: client.settings(["t"], "a"),
        lambda client: client.topic_id("t"),
        lambda client: client.change_setting("t", "a", "1"),
        lambda client: client.delete_before("t", 0, 7),
    ],
)
def test_a_request_that_is_never_answered_ends_and_the_next_has_another_client(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when another thread has replaced the client meanwhile."""
    monkeypatch.setattr("control_center.clients.kafka.GRACE_S", -TIMEOUT_S)
    silent = InMemoryAdmin("t")
    monkeypatch.setattr(silent, "_answer", lambda *_: Future())
    admins = [silent, InMemoryAdmin("t")]
    client = Kafka(SETTINGS, lambda: admins.pop(0))
    with pytest.raises(UnreachableError, match="no answer"):
        call(client)
    call(client)


def test_a_client_is_replaced_once_by_all_threads_that_it_fails() -> None:
    stale = InMemoryAdmin("t", error=KafkaError(KafkaError._TIMED_OUT))
    admins = [stale, InMemoryAdmin("t")]
    client = Kafka(SETTINGS, lambda: admins.pop(0))
    for _ in range(2):
        client._unreachable(stale, "gives no offsets", KafkaError(KafkaError._TIMED_OUT))
    assert client.offsets("t") == {0: 40, 1: 50}


def test_a_client_that_asks_with_a_former_epoch_is_replaced() -> None:
    """https://github.com/confluentinc/librdkafka/issues/4620: it would never recover."""
    admins = [InMemoryAdmin("t", error=KafkaError(KafkaError.FENCED_LEADER_EPOCH))]
    client = Kafka(SETTINGS, lambda: admins[-1])
    admins.append(InMemoryAdmin("t"))
    with pytest.raises(UnreachableError):
        client.change_setting("t", "segment.ms", "1")
    client.change_setting("t", "segment.ms", "1")
    assert admins[-1].changed == [("t", "segment.ms", "1")]
