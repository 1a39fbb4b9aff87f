"""people.cassandra_nodes: the nodes of the ring by name, and what each has done with its replicas.

Each node writes its own row (docker/cassandra/maintain.py). A node whose disk is empty finds there
which member of the ring it was, and the Control Center finds there which replicas are not repaired.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from contract.stores.cassandra.keyspace import KEYSPACE

NAME = "cassandra_nodes"
TABLE = f"{KEYSPACE}.{NAME}"
CREATE = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} "
    "(host text PRIMARY KEY, host_id uuid, repaired int, cleaned set<uuid>)"
)
SELECT = f"SELECT host, host_id, repaired, cleaned FROM {TABLE}"
INSERT = f"INSERT INTO {TABLE} (host, host_id, repaired, cleaned) VALUES (?, ?, ?, ?)"
# The factor that replicas have which no release of Riada has recorded as repaired.
UNKNOWN = 1


class Row(Protocol):
    host: str
    host_id: UUID
    repaired: int | None
    cleaned: Collection[UUID] | None


@dataclass(frozen=True)
class Node:
    """`host`: name, such as cassandra-2. `repaired`: the replication factor up to which its ranges
    were compared with their other replicas; 0: its disk was replaced, so every replica on it must
    be compared. `cleaned`: members of the ring when it last removed rows that it need not keep."""

    host: str
    host_id: UUID
    repaired: int
    cleaned: frozenset[UUID] = frozenset()

    @classmethod
    def from_row(cls, row: Row) -> Node:
        return cls(row.host, row.host_id, row.repaired or 0, frozenset(row.cleaned or ()))

    def to_row(self) -> tuple[object, ...]:
        """The values of INSERT."""
        return (self.host, self.host_id, self.repaired, set(self.cleaned))


def unrepaired(nodes: Iterable[Node], members: Collection[UUID], factor: int) -> list[str]:
    """Hosts of members whose replicas are not known to be equal. `factor`: of the keyspace."""
    return sorted(node.host for node in nodes if node.host_id in members and node.repaired < factor)
