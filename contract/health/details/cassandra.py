"""Details of Cassandra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ClusterDetails


@dataclass(frozen=True)
class CassandraDetails(ClusterDetails):
    """`members`: how many nodes the ring has; None, as `version`, if the cluster did not answer.
    `tables`: name of a table → why it cannot be read, "" if it can. `replicas`: of each row;
    `wanted`: what the nodes allow; None if the cluster did not answer. `unrepaired`: nodes that
    have not compared their replicas since there are more of them, or since their disk was lost.
    `clear_text`: a node accepts connections without encryption. `certificates_until`: node → when
    its certificate expires, in seconds since 1970."""

    version: str | None = None
    members: int | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    replicas: int | None = None
    wanted: int | None = None
    unrepaired: tuple[str, ...] = ()
    clear_text: bool = False
    certificates_until: Mapping[str, float] = field(default_factory=dict)
