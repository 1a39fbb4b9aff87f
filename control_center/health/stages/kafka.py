"""Kafka's brokers, as the cluster knows them."""

from __future__ import annotations

from typing import Any

from control_center.clients.clients import Clients
from control_center.config import TOPIC


def look(clients: Clients) -> dict[str, Any]:
    """{brokers: [{broker, host, controller, leads}]}; raises UnreachableError."""
    found = clients.kafka.metadata(TOPIC)
    leaders = [part.leader for part in found.topics[TOPIC].partitions.values()]
    return {
        "expected": len(clients.settings.kafka_bootstrap),
        "brokers": [
            {
                "broker": broker.id,
                "host": f"{broker.host}:{broker.port}",
                "controller": broker.id == found.controller_id,
                "leads": leaders.count(broker.id),
            }
            for broker in sorted(found.brokers.values(), key=lambda one: one.id)
        ],
    }
