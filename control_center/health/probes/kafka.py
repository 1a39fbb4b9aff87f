"""Kafka's brokers: does each answer, belong to the cluster, and accept the messages of Connect?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.base import NodeStatus
from contract.health.details.kafka import KafkaDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask_all, kafka_alive
from control_center.config import LARGEST_MESSAGE, TOPIC
from control_center.health.outcome import Outcome

OUTCOME = Outcome("kafka", "kafka-1")
LIMIT = "max.message.bytes"


def probe(clients: Clients) -> ProbeResult:
    brokers = answers(ask_all(clients.settings.kafka_bootstrap, kafka_alive))
    if down := OUTCOME.first_down(brokers.nodes, brokers):
        return down
    try:
        members = {str(broker.host) for broker in clients.kafka.metadata(TOPIC).brokers.values()}
        limit = clients.kafka.setting(TOPIC, LIMIT)
    except UnreachableError as error:
        return OUTCOME.error(error, brokers)
    return evaluate(brokers, members, int(limit) if limit is not None else None)


def answers(errors: Mapping[str, UnreachableError | None]) -> KafkaDetails:
    """`errors`: address → why the broker does not answer, None if it does."""
    return KafkaDetails(
        tuple(
            NodeStatus(component_of(address), error is None, error.cause if error else "answers")
            for address, error in errors.items()
        )
    )


def evaluate(brokers: KafkaDetails, members: Collection[str], limit: int | None) -> ProbeResult:
    """`brokers`: all of them answer; `members`: hosts that belong to the cluster; `limit`: bytes of
    the largest message that the topic accepts, None without the topic."""
    details = replace(brokers, members=tuple(sorted(members)))
    belonging = {component_of(host) for host in members}
    for broker in brokers.nodes:
        if broker.node not in belonging:
            summary = f"{broker.node} answers but is not a member of the cluster"
            return OUTCOME.fail(summary, details, broker.node)
    if limit is not None and limit < LARGEST_MESSAGE:
        return OUTCOME.fail(too_small(limit), details)
    return OUTCOME.ok(f"{len(members)} of {len(brokers.nodes)} brokers", details)


def too_small(limit: int) -> str:
    """The summary for a topic whose largest message is too small."""
    return (
        f"{TOPIC} accepts no message of more than {limit:,} bytes, and Connect retries larger ones "
        f"for ever: set its {LIMIT} to {LARGEST_MESSAGE}"
    )
