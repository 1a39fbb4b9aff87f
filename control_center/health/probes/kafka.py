"""Kafka's brokers: does each answer, belong to the cluster, and accept the messages of Connect? Has
every topic the replicas that they allow?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.base import NodeStatus
from contract.health.details.kafka import KafkaDetails
from contract.health.result import ProbeResult
from contract.kafka.topics import CAPTURE, events
from contract.stores.replicas import most_replicas
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask_all, kafka_alive
from control_center.config import LARGEST_MESSAGE
from control_center.health.outcome import Outcome

OUTCOME = Outcome("kafka", "kafka-1")
LIMIT = "max.message.bytes"


def probe(clients: Clients) -> ProbeResult:
    brokers = answers(ask_all(clients.settings.kafka_bootstrap, kafka_alive))
    if down := OUTCOME.first_down(brokers.nodes, brokers):
        return down
    try:
        cluster = clients.kafka.metadata(CAPTURE.name).brokers.values()
        topics = [events(table).name for table in clients.tables().values()]
        limits = clients.kafka.settings(topics, LIMIT)
        described = clients.kafka.topics().items()
        replicas = {name: fewest(topic) for name, topic in described if topic.partitions}
    except UnreachableError as error:
        return OUTCOME.error(error, brokers)
    members = {str(broker.host) for broker in cluster}
    return evaluate(
        brokers, members, {topic: int(limit) for topic, limit in limits.items()}, replicas
    )


def fewest(topic: Any) -> int:
    """`topic`: Kafka's description. The replicas of the partition that has the fewest."""
    return min(len(partition.replicas) for partition in topic.partitions.values())


def answers(errors: Mapping[str, UnreachableError | None]) -> KafkaDetails:
    """`errors`: address → why the broker does not answer, None if it does."""
    return KafkaDetails(
        tuple(
            NodeStatus(component_of(address), error is None, error.cause if error else "answers")
            for address, error in errors.items()
        )
    )


def evaluate(
    brokers: KafkaDetails,
    members: Collection[str],
    limits: Mapping[str, int],
    replicas: Mapping[str, int] = MappingProxyType({}),
) -> ProbeResult:
    """`brokers`: all of them answer; `members`: hosts that belong to the cluster; `limits`: name of
    each topic that exists → bytes of the largest message that it accepts; `replicas`: name of each
    topic → how many it has."""
    wanted = most_replicas(len(brokers.nodes))
    few = {topic: count for topic, count in sorted(replicas.items()) if count < wanted}
    details = replace(brokers, members=tuple(sorted(members)), few=few)
    belonging = {component_of(host) for host in members}
    for broker in brokers.nodes:
        if broker.node not in belonging:
            summary = f"{broker.node} answers but is not a member of the cluster"
            return OUTCOME.fail(summary, details, broker.node)
    for topic, limit in sorted(limits.items()):
        if limit < LARGEST_MESSAGE:
            return OUTCOME.fail(too_small(topic, limit), details)
    if few:
        return OUTCOME.warn(too_few(few, wanted), details, "connect")
    return OUTCOME.ok(f"{len(members)} of {len(brokers.nodes)} brokers", details)


def too_few(few: Mapping[str, int], wanted: int) -> str:
    """The summary for topics with too few replicas."""
    (first, count), *others = few.items()
    more = f", and so do {len(others)} more topics" if others else ""
    return (
        f"{first} has {count} of {wanted} replicas{more}: a lost broker loses messages. The "
        "connector manager raises them while all brokers answer"
    )


def too_small(topic: str, limit: int) -> str:
    """The summary for a topic whose largest message is too small."""
    return (
        f"{topic} accepts no message of more than {limit:,} bytes, and Connect retries larger ones "
        f"for ever: set its {LIMIT} to {LARGEST_MESSAGE}"
    )
