"""Details of Kafka's brokers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ClusterDetails


@dataclass(frozen=True)
class KafkaDetails(ClusterDetails):
    """`members`: hosts that belong to the cluster, empty if the cluster did not answer. `few`: name
    of each topic with a partition that has fewer replicas than the brokers allow → how many."""

    members: tuple[str, ...] = ()
    few: Mapping[str, int] = field(default_factory=dict)
