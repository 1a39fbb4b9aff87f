"""The keyspace of Riada's tables in Cassandra, and its replication."""

from __future__ import annotations

from collections.abc import Mapping

KEYSPACE = "people"
DATACENTER = "dc1"
# A query of a keyspace's replication; `factor` reads its answer.
REPLICATION = "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?"


def create(replication_factor: int) -> str:
    """Idempotent CQL. It does not change the replication of a keyspace that exists."""
    options = _options(replication_factor)
    return f"CREATE KEYSPACE IF NOT EXISTS {KEYSPACE} WITH replication = {options}"


def alter(keyspace: str, replication_factor: int) -> str:
    return f"ALTER KEYSPACE {keyspace} WITH replication = {_options(replication_factor)}"


def factor(replication: Mapping[str, str]) -> int:
    """The number of replicas of each row, from a value of REPLICATION: {'class': …, 'dc1': '3'}. 0
    for SimpleStrategy, which Cassandra's own keyspaces have at first."""
    return int(replication.get(DATACENTER, 0))


def _options(replication_factor: int) -> str:
    return f"{{'class': 'NetworkTopologyStrategy', '{DATACENTER}': {replication_factor}}}"
