"""Details of ZooKeeper."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ClusterDetails


@dataclass(frozen=True)
class ZooKeeperDetails(ClusterDetails):
    """A node that serves answers its mode: standalone, leader or follower."""
