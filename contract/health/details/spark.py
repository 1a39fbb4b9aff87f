"""Details of the Spark cluster."""

from __future__ import annotations

from dataclasses import dataclass

from contract.health.details.base import ClusterDetails


@dataclass(frozen=True)
class SparkDetails(ClusterDetails):
    """`nodes` are the workers; a worker that serves answers with the URL of its master. `master`:
    the master's status, such as ALIVE. `workers_alive`: registered with the master; `cores` are
    theirs."""

    master: str
    workers_expected: int
    workers_alive: int
    cores: int
    cores_used: int
