"""A single broker syncs a message to its disk before it acknowledges it, because PostgreSQL does
not send it again. Every topic has a limit."""

from __future__ import annotations

import re
from collections.abc import Callable

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

from capture.clients.topics import make_topics
from capture.settings import Settings
from contract.kafka.retention import table_limits
from contract.kafka.topics import CAPTURE, dead_letters, events
from contract.table.file import read
from tests.docker.conftest import Container

MESSAGES = 5


def flushes(broker: Container) -> float:
    """Syncs of logs to the disk until now, as Prometheus reads them."""
    metrics = broker.run("curl", "-fsS", "localhost:9404/metrics").stdout
    return float(re.findall(r"^kafka_log_flushes_total (\S+)", metrics, re.MULTILINE)[0])


def test_each_acknowledged_message_of_a_single_broker_is_synced(
    broker: tuple[Container, str],
) -> None:
    container, address = broker
    admin = AdminClient({"bootstrap.servers": address})
    for topic in ("riada.public.users", "_connect_offsets"):
        admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(30)
        before = flushes(container)
        send = _sender(address, topic)
        for _ in range(MESSAGES):
            send()
        assert flushes(container) - before >= MESSAGES, topic


def effective(address: str, kind: ResourceType, name: str) -> dict[str, str]:
    """The settings with which the broker works."""
    resource = ConfigResource(kind, name)
    admin = AdminClient({"bootstrap.servers": address})
    answer = admin.describe_configs([resource])
    return {name: str(entry.value) for name, entry in answer[resource].result(30).items()}


def test_a_topic_without_its_own_setting_rolls_its_segment_daily(
    broker: tuple[Container, str],
) -> None:
    """A segment expires as a whole: see invariant 7."""
    settings = effective(broker[1], ResourceType.BROKER, "1")
    assert settings["log.roll.ms"] == str(24 * 3600 * 1000)


def test_expired_segments_are_looked_for_every_minute(broker: tuple[Container, str]) -> None:
    settings = effective(broker[1], ResourceType.BROKER, "1")
    assert settings["log.retention.check.interval.ms"] == "60000"


def test_the_topics_of_a_table_have_the_limits_of_the_installation(
    broker: tuple[Container, str],
) -> None:
    tables = [read(name, 'key = ["id"]\n[columns]\nid = "int4"\n') for name in ("orders", "lines")]
    settings = Settings(
        kafka_bootstrap=broker[1],
        schema_registry_url="",
        postgres_host="",
        postgres_port=0,
        topic_partitions=4,
        replication_factor=1,
        kafka_table_gib=16,
    )
    make_topics(settings, tables)
    share = table_limits(16 << 30, 4)
    for topic, limit in ((events, share.events), (dead_letters, share.dead_letters)):
        for table in tables:
            topic_settings = effective(broker[1], ResourceType.TOPIC, topic(table).name)
            expected = topic(table).settings | limit.settings()
            assert {name: topic_settings[name] for name in expected} == expected
    # Each key keeps its newest record, so that the size depends on the number of keys.
    assert effective(broker[1], ResourceType.TOPIC, CAPTURE.name)["cleanup.policy"] == "compact"


def _sender(address: str, topic: str) -> Callable[[], None]:
    producer = Producer({"bootstrap.servers": address, "acks": "all"})

    def send() -> None:
        producer.produce(topic, b"value", b"key")
        assert producer.flush(30) == 0

    return send
