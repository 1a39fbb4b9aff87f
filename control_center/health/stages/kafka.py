"""Kafka's brokers, as the cluster knows them."""

from __future__ import annotations

from dataclasses import dataclass

from contract.json_record import JsonRecord
from contract.kafka.topics import CAPTURE, events
from contract.table.table import Table
from control_center.clients.clients import Clients


@dataclass(frozen=True)
class Broker(JsonRecord):
    """`host`: "host:port"; `leads`: how many partitions of the tables' topics."""

    broker: int
    host: str
    controller: bool
    leads: int


@dataclass(frozen=True)
class KafkaStage(JsonRecord):
    """`expected`: how many brokers the platform has."""

    expected: int
    brokers: tuple[Broker, ...]


def describe(clients: Clients, _: Table | None = None) -> KafkaStage:
    """Raises UnreachableError."""
    metadata = clients.kafka.metadata(CAPTURE.name)
    topics = clients.kafka.topics()
    names = [events(table).name for table in clients.tables().values()]
    leaders = [
        partition.leader
        for name in names
        if name in topics
        for partition in topics[name].partitions.values()
    ]
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
