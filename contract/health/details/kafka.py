"""Details of Kafka's brokers."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ClusterDetails


@dataclass(frozen=True)
class KafkaDetails(ClusterDetails):
    """`members`: hosts that belong to the cluster, empty if the cluster did not answer."""

    members: tuple[str, ...] = ()
