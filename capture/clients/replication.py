"""Raises the replication of topics that were made when Kafka had fewer brokers.

Kafka copies the replicas by itself, also while this process is away. Each step asks again which
partitions have fewer replicas than wanted, so an interruption does no harm.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from capture.clients.source import UnavailableError
from capture.settings import Settings

TIMEOUT_S = 30
PAUSE_S = 30.0
_TOOL = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand"
_TOOL_LIMIT_S = 120

Place = tuple[str, int]  # a topic and its partition


@dataclass(frozen=True)
class Partition:
    """Ids of the brokers that hold it. `in_sync`: of those, which have every message."""

    replicas: tuple[int, ...]
    in_sync: tuple[int, ...]


@dataclass(frozen=True)
class Cluster:
    """`brokers`: ids of those that answer."""

    brokers: tuple[int, ...]
    partitions: Mapping[Place, Partition]


class Assigner(Protocol):
    """Raises UnavailableError when Kafka does not answer."""

    def cluster(self) -> Cluster: ...

    def assign(self, replicas: Mapping[Place, Sequence[int]]) -> None:
        """Has Kafka copy partitions to these brokers; returns before they are copied."""


def raised(cluster: Cluster, factor: int) -> dict[Place, tuple[int, ...]]:
    """The brokers of each partition that has fewer than `factor` replicas. The present ones stay.
    The first is the preferred leader, to which Kafka moves the leadership within 5 minutes: it is
    another broker for each next partition."""
    if len(cluster.brokers) < factor:
        return {}
    plan = {}
    brokers = sorted(cluster.brokers)
    for number, (place, partition) in enumerate(sorted(cluster.partitions.items())):
        missing = factor - len(partition.replicas)
        if missing <= 0:
            continue
        first = number % len(brokers)
        order = brokers[first:] + brokers[:first]
        added = [broker for broker in order if broker not in partition.replicas][:missing]
        chosen = [broker for broker in order if broker in (*partition.replicas, *added)]
        absent = [broker for broker in partition.replicas if broker not in brokers]
        plan[place] = (*chosen, *absent)
    return plan


@dataclass
class Replication:
    """`factor`: the wanted replicas of each partition; `clock` is monotonic."""

    assigner: Assigner
    factor: int
    clock: Callable[[], float]
    report: Callable[[str], None]
    _asked: float = float("-inf")
    _copying: bool = False
    _reported: str = field(default="")

    def step(self) -> None:
        """Takes the next step, at most every PAUSE_S. Reports how many partitions have all
        replicas, until all have."""
        if self.factor == 1 or self.clock() - self._asked < PAUSE_S:
            return
        self._asked = self.clock()
        try:
            cluster = self.assigner.cluster()
            if plan := raised(cluster, self.factor):
                self._report(f"{len(plan)} partitions get {self.factor} replicas")
                self.assigner.assign(plan)
                self._copying = True
            elif self._copying:
                self._report_progress(cluster)
        except UnavailableError as error:
            self._report(f"topics keep their replication for now: {error}")

    def _report_progress(self, cluster: Cluster) -> None:
        complete = sum(len(each.in_sync) >= self.factor for each in cluster.partitions.values())
        self._report(
            f"{complete} of {len(cluster.partitions)} partitions have {self.factor} replicas"
        )
        self._copying = complete < len(cluster.partitions)

    def _report(self, message: str) -> None:
        if message != self._reported:
            self.report(message)
        self._reported = message


class KafkaAssigner:
    """librdkafka cannot change replicas, so Kafka's own tool does it."""

    def __init__(self, settings: Settings) -> None:
        self._bootstrap = settings.kafka_bootstrap
        self._admin = AdminClient({"bootstrap.servers": self._bootstrap, "log_level": 3})

    def cluster(self) -> Cluster:
        try:
            metadata = self._admin.list_topics(timeout=TIMEOUT_S)
        except KafkaException as error:
            raise UnavailableError(f"Kafka: {error.args[0].str()}") from error
        partitions = {
            (name, number): Partition(tuple(partition.replicas), tuple(partition.isrs))
            for name, topic in metadata.topics.items()
            for number, partition in topic.partitions.items()
        }
        return Cluster(tuple(metadata.brokers), partitions)

    def assign(self, replicas: Mapping[Place, Sequence[int]]) -> None:
        partitions = [
            {"topic": topic, "partition": number, "replicas": list(brokers)}
            for (topic, number), brokers in replicas.items()
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"version": 1, "partitions": partitions}, file)
            file.flush()
            tool = ("java", "-Xmx64m", "-cp", "/opt/connect/worker/lib/*", _TOOL)
            options = ("--bootstrap-server", self._bootstrap, "--reassignment-json-file", file.name)
            # --additional: a reassignment of an earlier step may still be under way
            self._run([*tool, *options, "--execute", "--additional"])

    def _run(self, command: list[str]) -> None:
        try:
            done = subprocess.run(
                command, text=True, capture_output=True, timeout=_TOOL_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise UnavailableError(f"Kafka: {_TOOL} does not end in {_TOOL_LIMIT_S} s") from error
        if done.returncode:
            lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise UnavailableError(
                f"Kafka changes no replicas: {lines[0] if lines else 'no cause'}"
            )
