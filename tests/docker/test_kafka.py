"""A single broker syncs a message to its disk before it acknowledges it, because PostgreSQL does
not send it again."""

from __future__ import annotations

import re
from collections.abc import Callable

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

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


def test_a_topic_without_its_own_setting_rolls_its_segment_daily(
    broker: tuple[Container, str],
) -> None:
    """A segment expires as a whole: see invariant 7."""
    resource = ConfigResource(ResourceType.BROKER, "1")
    admin = AdminClient({"bootstrap.servers": broker[1]})
    settings = admin.describe_configs([resource])[resource].result(30)
    assert settings["log.roll.ms"].value == str(24 * 3600 * 1000)


def _sender(address: str, topic: str) -> Callable[[], None]:
    producer = Producer({"bootstrap.servers": address, "acks": "all"})

    def send() -> None:
        producer.produce(topic, b"value", b"key")
        assert producer.flush(30) == 0

    return send
