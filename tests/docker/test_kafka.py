"""A single broker syncs a message to its disk before it acknowledges it, because PostgreSQL does
not send it again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

from tests.docker.conftest import Container, Start

MESSAGES = 5


@pytest.fixture(scope="module")
def zookeeper(start: Start) -> Container:
    alone = ("-e", "ZOOKEEPER_SERVERS=zookeeper-1", "-e", "ZOOKEEPER_ID=1")
    return start("zookeeper", "zookeeper-1", *alone)


@pytest.fixture(scope="module")
def broker(start: Start, zookeeper: Container, free_port: int) -> tuple[Container, str]:
    """Starts a broker; returns its address on this machine too."""
    settings = {"BROKER_ID": 1, "ZOOKEEPER_CONNECT": "zookeeper-1:2181", "REPLICATION_FACTOR": 1}
    settings |= {"WAIT_FOR": "zookeeper-1:2181", "EXTERNAL_PORT": free_port}
    options = [word for name, value in settings.items() for word in ("-e", f"{name}={value}")]
    publish = ("-p", f"127.0.0.1:{free_port}:19092")
    container = start("kafka", "kafka-1", *options, *publish)
    container.await_healthy("healthcheck")
    return container, f"localhost:{free_port}"


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
