"""Kafka's brokers, as the cluster knows them."""

from __future__ import annotations

from dataclasses import dataclass

from contract.json_record import JsonRecord
from control_center.clients.clients import Clients
from control_center.config import TOPIC


@dataclass(frozen=True)
class Broker(JsonRecord):
    """`host`: "host:port"; `leads`: how many partitions of the topic of people."""

    broker: int
    host: str
    controller: bool
    leads: int


@dataclass(frozen=True)
class KafkaStage(JsonRecord):
    """`expected`: how many brokers the platform has."""

    expected: int
    brokers: tuple[Broker, ...]


def describe(clients: Clients) -> KafkaStage:
    """Raises UnreachableError."""
    metadata = clients.kafka.metadata(TOPIC)
    leaders = [partition.leader for partition in metadata.topics[TOPIC].partitions.values()]
    return KafkaStage(
        expected=len(clients.settings.kafka_bootstrap),
        brokers=tuple(
            Broker(
                broker=number,
                host=f"{broker.host}:{broker.port}",
                controller=number == metadata.controller_id,
                leads=leaders.count(number),
            )
            for number, broker in sorted(metadata.brokers.items())
        ),
    )
