"""Topics: partitions, replicas, how many messages retention has left, and their size on disk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from contract.errors import UnreachableError
from contract.json_record import JsonRecord
from contract.table.table import Table
from control_center.clients.clients import Clients

SIZES = "sum by (topic) (kafka_log_size_bytes)"


@dataclass(frozen=True)
class TopicRow(JsonRecord):
    """`replicas`: of the partition that has the fewest; `messages`: the number that retention has
    left; `bytes`: the size on the disks of all brokers, None without Prometheus."""

    topic: str
    partitions: int
    replicas: int
    under_replicated: int
    messages: int
    bytes: float | None


@dataclass(frozen=True)
class TopicsStage(JsonRecord):
    """`sizes`: why the sizes on disk are missing, or ""."""

    topics: tuple[TopicRow, ...]
    sizes: str


def describe(clients: Clients, _: Table | None = None) -> TopicsStage:
    """Raises UnreachableError if Kafka does not answer."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        sizes_on_disk = pool.submit(_sizes, clients)
        topics = clients.kafka.topics()
        spans = clients.kafka.spans(topics)
        sizes, missing = sizes_on_disk.result()
    rows = []
    for name, topic in sorted(topics.items()):
        partitions = topic.partitions.values()
        rows.append(
            TopicRow(
                topic=name,
                partitions=len(partitions),
                replicas=min((len(part.replicas) for part in partitions), default=0),
                under_replicated=sum(len(part.isrs) < len(part.replicas) for part in partitions),
                messages=sum(end - first for first, end in spans[name].values()),
                bytes=sizes.get(name),
            )
        )
    return TopicsStage(tuple(rows), missing)


def _sizes(clients: Clients) -> tuple[dict[str, float], str]:
    try:
        return {labels["topic"]: value for labels, value in clients.prometheus.now(SIZES)}, ""
    except UnreachableError as error:
        return {}, f"The sizes on disk are unknown: {error}."
