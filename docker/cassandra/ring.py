"""The ring as a node of it knows it: its members, the replication, the rows of its nodes."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from uuid import UUID

from cassandra import ConsistencyLevel
from cassandra.cluster import Session
from cassandra.query import SimpleStatement

from contract.stores.cassandra import keyspace, nodes

CQL_PORT, STORAGE_PORT = 9042, 7000
SYSTEM_KEYSPACES = ("system_auth", "system_distributed", "system_traces")
_LOCAL = "SELECT host_id, broadcast_address AS address, tokens FROM system.local"
_PEERS = "SELECT host_id, peer AS address, tokens FROM system.peers_v2"


class NotReadyError(Exception):
    """The first node has not made the keyspace yet."""


@dataclass(frozen=True)
class Known:
    """`host_id`: of the node that was asked. `members`: host id → address, of each node that has
    joined. `factor`: replicas of each row. `nodes`: rows of people.cassandra_nodes by host."""

    host_id: UUID
    members: dict[UUID, str]
    factor: int
    nodes: dict[str, nodes.Node]


def read(session: Session, level: int | None = None) -> Known:
    """`level`: consistency; that of `consistency` by default. Raises NotReadyError and errors of
    the driver."""
    local = session.execute(_LOCAL).one()
    rows = [local, *session.execute(_PEERS)]
    members = {row.host_id: str(row.address) for row in rows if row.host_id and row.tokens}
    factor = replication(session, keyspace.KEYSPACE)
    level = consistency(len(members), factor) if level is None else level
    query = SimpleStatement(nodes.SELECT, consistency_level=level)
    known = [nodes.Node.from_row(row) for row in session.execute(query)]
    return Known(local.host_id, members, factor, {node.host: node for node in known})


def replication(session: Session, name: str) -> int:
    """The replication factor of a keyspace. Raises NotReadyError."""
    query = keyspace.REPLICATION.replace("?", "%s")
    row = session.execute(query, (name,)).one()
    if row is None:
        raise NotReadyError(f"keyspace {name} does not exist yet")
    return keyspace.factor(row.replication)


def write(session: Session, node: nodes.Node, known: Known) -> None:
    query = nodes.INSERT.replace("?", "%s")
    level = consistency(len(known.members), known.factor)
    session.execute(SimpleStatement(query, consistency_level=level), node.to_row())


def consistency(members: int, factor: int) -> int:
    """A quorum, except while the first nodes of a ring are joining, which cannot form one."""
    has_quorum = members >= factor // 2 + 1
    level: int = ConsistencyLevel.LOCAL_QUORUM if has_quorum else ConsistencyLevel.LOCAL_ONE
    return level


def silence(address: str, port: int = CQL_PORT) -> str:
    """Why nothing accepts a connection there; "" if something does."""
    try:
        socket.create_connection((address, port), timeout=3).close()
    except OSError as error:
        return f"{address} does not answer ({error.strerror or error})"
    return ""
