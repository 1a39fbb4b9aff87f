"""Details of Cassandra."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ClusterDetails


@dataclass(frozen=True)
class CassandraDetails(ClusterDetails):
    """`members`: how many nodes the ring has; None, as `version`, if the cluster did not answer."""

    version: str | None = None
    members: int | None = None
