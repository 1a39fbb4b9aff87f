"""ZooKeeper's volume is emptied, or an older copy of it is put back: the broker registers its
topics again and keeps their messages."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from confluent_kafka import Consumer, Producer, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from cli.host import docker
from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually

# The second name begins like a partition of the first one.
TOPICS = ["riada.public.users", "riada.public.users-1"]
PARTITIONS, MESSAGES = 3, 30
WATCHED_S = 8  # the broker reads ZooKeeper's newest transaction every 5 s


@dataclass(frozen=True)
class Topic:
    id: str
    messages: int


@pytest.fixture(scope="module")
def zookeeper(start: Start) -> Container:
    alone = ("-e", "ZOOKEEPER_SERVERS=zookeeper-1", "-e", "ZOOKEEPER_ID=1")
    return start("zookeeper", "zookeeper-1", *alone, "--restart", "unless-stopped")


@pytest.fixture(scope="module")
def address(start: Start, zookeeper: Container, free_port: int) -> str:
    settings = {"BROKER_ID": 1, "ZOOKEEPER_CONNECT": "zookeeper-1:2181", "REPLICATION_FACTOR": 1}
    settings |= {"WAIT_FOR": "zookeeper-1:2181", "EXTERNAL_PORT": free_port}
    options = [word for name, value in settings.items() for word in ("-e", f"{name}={value}")]
    publish = ("-p", f"127.0.0.1:{free_port}:19092", "--restart", "unless-stopped")
    start("kafka", "kafka-1", *options, *publish).await_healthy("healthcheck")
    return f"localhost:{free_port}"


def topics(address: str, names: list[str] = TOPICS) -> dict[str, Topic]:
    admin = AdminClient({"bootstrap.servers": address})
    described = admin.describe_topics(TopicCollection(names))
    return {
        name: Topic(str(topic.result(10).topic_id), messages(address, name))
        for name, topic in described.items()
    }


def messages(address: str, topic: str) -> int:
    consumer = Consumer({"bootstrap.servers": address, "group.id": "test"})
    try:
        spans = [
            consumer.get_watermark_offsets(TopicPartition(topic, part), 10)
            for part in range(PARTITIONS)
        ]
        return sum(end - first for first, end in spans)
    finally:
        consumer.close()


def make(address: str, names: list[str]) -> None:
    admin = AdminClient({"bootstrap.servers": address})
    for made in admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names]).values():
        made.result(30)


def produce(address: str, names: list[str] = TOPICS) -> None:
    producer = Producer({"bootstrap.servers": address, "acks": "all"})
    for topic in names:
        for number in range(MESSAGES):
            producer.produce(topic, b"value", str(number).encode())
    assert producer.flush(30) == 0


def cluster_id(address: str) -> str:
    return str(AdminClient({"bootstrap.servers": address}).list_topics(timeout=10).cluster_id)


@pytest.mark.timeout(400)
def test_topics_keep_their_ids_and_messages(zookeeper: Container, address: str) -> None:
    make(address, TOPICS)
    produce(address)
    before, cluster = topics(address), cluster_id(address)
    assert {topic.messages for topic in before.values()} == {MESSAGES}

    time.sleep(WATCHED_S)
    zookeeper.run("bash", "-c", "rm -rf /var/lib/zookeeper/*").check_returncode()
    docker.ask("kill", "--signal", "KILL", zookeeper.name)
    docker.ask("start", zookeeper.name)
    eventually(lambda: cluster_id(address) != cluster, "the broker is in a new cluster", 120)
    eventually(lambda: topics(address) == before, "the topics are there again", 60)
    produce(address)
    assert {topic.messages for topic in topics(address).values()} == {2 * MESSAGES}


@pytest.mark.timeout(400)
def test_topics_that_are_later_than_a_copy_are_kept(zookeeper: Container, address: str) -> None:
    """The copy has the same cluster id, and knows an earlier topic."""
    early, late = ["riada.public.early"], ["riada.public.late", "riada.public.late-2"]
    make(address, early)
    produce(address, early)
    zookeeper.run("bash", "-c", "cp -a /var/lib/zookeeper /tmp/copy").check_returncode()
    make(address, late)
    produce(address, late)
    before, cluster = topics(address, early + late), cluster_id(address)
    time.sleep(WATCHED_S)
    put_back = "rm -rf /var/lib/zookeeper/* && cp -a /tmp/copy/. /var/lib/zookeeper"
    zookeeper.run("bash", "-c", put_back).check_returncode()
    docker.ask("kill", "--signal", "KILL", zookeeper.name)
    docker.ask("start", zookeeper.name)
    eventually(lambda: cluster_id(address) != cluster, "the broker is in a new cluster", 120)
    eventually(lambda: topics(address, early + late) == before, "the topics are there again", 60)
    produce(address, early + late)
    after = topics(address, early + late)
    assert {topic.messages for topic in after.values()} == {2 * MESSAGES}
    assert {name: topic.id for name, topic in after.items()} == {
        name: topic.id for name, topic in before.items()
    }
