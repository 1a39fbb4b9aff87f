"""The streaming job's checkpoint on S3: the next driver continues where the last one stopped.

Real: Spark, S3A, the job's session, epoch and query, Kafka, the metadata service whose role the
driver uses, LocalStack's S3. Left out: the cluster around the driver, and Cassandra behind it.
"""

from __future__ import annotations

import itertools
import json
import re
import statistics
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from confluent_kafka import Message, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from cli.dev.localstack import REGION
from cli.host import docker
from cli.host.paths import ROOT
from cli.host.process import capture, stream
from tests.aws.account import Account
from tests.aws.conftest import Say
from tests.harness.wait import eventually

TOPIC = "riada.public.users"
PARTITIONS = 2
AT_ONCE = 100  # messages in a batch, at most
MANY = 2_000
FEW = 300
# Batches that the checkpoint keeps: few, so that older ones are deleted during the test.
KEPT = 10

Row = tuple[int, int]


class Containers:
    """Containers in LocalStack's network, where they find each other and the metadata service."""

    def __init__(self, beside: str) -> None:
        self._beside = beside
        self._made: list[str] = []
        address = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        self.address = docker.ask("inspect", "--format", address, beside).strip()

    def run(self, kind: str, *arguments: str) -> str:
        """Start a container; returns its name."""
        name = f"{self._beside}-{kind}-{uuid.uuid4().hex[:6]}"
        shared = ("--network", f"container:{self._beside}")
        docker.ask("run", "-d", "--name", name, *shared, *arguments)
        self._made.append(name)
        return name

    def remove(self) -> None:
        for name in reversed(self._made):
            docker.remove("container", name)


class Driver:
    """A driver in a container of its own, without the disk of another driver."""

    def __init__(self, containers: Containers, image: str, checkpoint: str, secret: Path) -> None:
        environment = {
            "CHECKPOINT": checkpoint,
            "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
            "KAFKA_BOOTSTRAP": f"{containers.address}:9092",
            "MAX_OFFSETS_PER_TRIGGER": str(AT_ONCE),
            "PYTHONPATH": "/repo:/repo/spark",
        }
        self.name = containers.run(
            "driver",
            *(part for pair in environment.items() for part in ("-e", "=".join(pair))),
            *("-v", f"{ROOT}:/repo:ro", "-v", f"{secret}:/run/secrets/cassandra-spark:ro"),
            *(image, "spark-submit", "--master", "local[1]", "--driver-memory", "512m"),
            *("--conf", f"spark.sql.streaming.minBatchesToRetain={KEPT}"),
            *("/repo/tests/aws/checkpoint/driver.py", "--release", "test", "--job", "test"),
        )

    def messages(self) -> list[dict[str, Any]]:
        text = docker.ask("logs", self.name)
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def batches(self) -> list[dict[str, Any]]:
        self._assert_alive()
        return [message for message in self.messages() if "batch" in message]

    def rows(self) -> set[Row]:
        return {
            (partition, offset) for batch in self.batches() for partition, offset in batch["rows"]
        }

    def over(self) -> bool:
        return any("over" in message for message in self.messages())

    def _assert_alive(self) -> None:
        [state] = [container["State"] for container in docker.inspect(self.name)]
        if state["ExitCode"] not in (0, 137):
            pytest.fail(docker.tail(self.name, 60), pytrace=False)


class Topic:
    """TOPIC, and the rows that were produced to it."""

    def __init__(self, bootstrap: str) -> None:
        settings: dict[str, str | int | float | bool] = {
            "bootstrap.servers": bootstrap,
            "log_level": 2,
        }
        self._producer = Producer(settings)
        self.rows: set[Row] = set()
        admin = AdminClient(settings)
        eventually(lambda: admin.list_topics(timeout=5).brokers, "Kafka answers", 120)
        admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1)])[TOPIC].result(30)

    def produce(self, messages: int) -> None:
        for n in range(messages):
            self._producer.produce(
                TOPIC,
                b"value",
                partition=n % PARTITIONS,
                on_delivery=self._delivered,
            )
        assert self._producer.flush(30) == 0

    def _delivered(self, error: object, message: Message) -> None:
        partition, offset = message.partition(), message.offset()
        assert error is None and partition is not None and offset is not None
        self.rows.add((partition, offset))


@pytest.fixture(scope="module")
def images() -> dict[str, str]:
    stream(["docker/build.sh", "spark", "kafka", "zookeeper"])
    tags: dict[str, str] = json.loads(capture(["docker/build.sh", "--tags"]))
    return tags


@pytest.fixture(scope="module")
def containers(endpoint: str, localstack_name: str) -> Iterator[Containers]:
    containers = Containers(localstack_name)
    localstack = capture(["localstack/build.sh"]).strip()
    service = containers.run(
        "metadata",
        *("--user", "0", "--cap-add", "NET_ADMIN", "-v", f"{ROOT}/tests/aws/checkpoint:/test:ro"),
        *("-e", "PYTHONPATH=/opt/localstack", "--entrypoint", "/opt/venv/bin/python"),
        *(localstack, "/test/metadata.py"),
    )
    probe = ("exec", service, "bash", "-c", "</dev/tcp/169.254.169.254/80")
    eventually(lambda: docker.ask(*probe) == "", "the metadata service answers", 30)
    yield containers
    containers.remove()


@pytest.fixture(scope="module")
def topic(containers: Containers, images: dict[str, str]) -> Topic:
    zookeeper = {"ZOOKEEPER_SERVERS": "localhost", "ZOOKEEPER_ID": "1"}
    kafka = {
        "BROKER_ID": "1",
        "ADVERTISED_HOST": containers.address,
        "ZOOKEEPER_CONNECT": "localhost:2181",
        "HEAP": "256m",
        "WAIT_FOR": "localhost:2181",
        # without the agent of the metrics, whose port ZooKeeper uses here
        "CLASS_ARCHIVE": "-XX:SharedArchiveFile=/opt/kafka/classes.jsa",
    }
    for kind, environment in (("zookeeper", zookeeper), ("kafka", kafka)):
        given = [part for pair in environment.items() for part in ("-e", "=".join(pair))]
        containers.run(kind, *given, images[kind])
    return Topic(f"{containers.address}:9092")


@pytest.fixture(scope="module")
def checkpoint(account: Account) -> Iterator[str]:
    """A folder of a versioned bucket."""
    s3 = account.client("s3")
    bucket = f"checkpoint-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    yield f"s3a://{bucket}/checkpoints"
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", []) + page.get("DeleteMarkers", []):
            key = {"Key": version["Key"], "VersionId": version["VersionId"]}
            s3.delete_object(Bucket=bucket, **key)
    s3.delete_bucket(Bucket=bucket)


def s3_requests(localstack: str) -> Counter[str]:
    """Operation → number of its requests to S3 so far."""
    return Counter(re.findall(r"AWS s3\.(\w+) => ", docker.tail(localstack, 1_000_000)))


@pytest.mark.timeout(900)
def test_driver_moves(
    containers: Containers,
    images: dict[str, str],
    topic: Topic,
    account: Account,
    checkpoint: str,
    localstack_name: str,
    tmp_path: Path,
    figures: dict[str, Any],
    say: Say,
) -> None:
    """The first driver is killed, the second is paused and resumed, the third stays."""
    secret = tmp_path / "secret"
    secret.write_text("unused")

    def start() -> Driver:
        return Driver(containers, images["spark"], checkpoint, secret)

    topic.produce(MANY)
    first = start()
    eventually(lambda: len(first.batches()) >= 5, "the first driver writes", 180, 0.2)
    docker.ask("kill", "--signal", "KILL", first.name)
    *done, last = first.batches()
    say(f"killed in or after batch {last['batch']}: {len(first.rows())} of {MANY} messages read")
    assert len(first.rows()) < MANY

    second = start()
    topic.produce(FEW)
    eventually(lambda: first.rows() | second.rows() == topic.rows, "the second continues", 180)
    continued = second.batches()[0]
    assert (continued["batch"], continued["begin"]) in (
        (last["batch"], last["begin"]),
        (last["batch"] + 1, last["end"]),
    )
    finished = {tuple(row) for batch in done for row in batch["rows"]}
    assert not finished & second.rows(), "what was committed is read once"

    docker.ask("pause", second.name)
    read = first.rows() | second.rows()
    topic.produce(FEW)
    third = start()
    eventually(lambda: read | third.rows() == topic.rows, "the third takes over", 180)
    newest = {tuple(row) for row in second.batches()[-1]["rows"]}
    assert third.rows() & read <= newest
    docker.ask("unpause", second.name)
    eventually(second.over, "the paused driver ends by itself", 60)

    before, earlier = len(third.batches()), s3_requests(localstack_name)
    topic.produce(MANY)
    eventually(lambda: read | third.rows() == topic.rows, "the third reads on", 180)
    batches = third.batches()[before:]
    ends = [batch["end"] for batch in batches]
    assert [batch["begin"] for batch in batches[1:]] == ends[:-1], "batches are contiguous"
    requests = s3_requests(localstack_name) - earlier
    figures["s3_requests_a_batch"] = {
        operation: round(count / len(batches), 1) for operation, count in requests.most_common()
    }
    times = [batch["at"] for batch in batches]
    paces = [after - before for before, after in itertools.pairwise(times)]
    figures["batch_with_checkpoint_on_s3_ms"] = round(statistics.median(paces) * 1000)
    objects = account.client("s3").list_objects_v2(Bucket=urlsplit(checkpoint).netloc)["Contents"]
    figures["s3_objects_of_a_checkpoint"] = len(objects)
