"""Details of the delivery from the topic to Cassandra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class LagDetails(ProbeDetails):
    """`waiting`: messages on the topic that no batch covers, in total and by partition.
    `oldest_waiting_s`: age of the oldest of them, None if none waits. `newest_batch_s`: age of the
    newest batch, None before the first. `behind_ms`: commit → readable of the newest person, None
    while messages wait."""

    waiting: int
    waiting_by_partition: Mapping[str, int]
    oldest_waiting_s: float | None
    newest_batch_s: float | None
    behind_ms: int | None
