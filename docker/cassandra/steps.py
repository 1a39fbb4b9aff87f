"""The next step of a node towards the wanted replication, as a function of what the ring knows.

The replication of a keyspace that holds rows rises by 1 at a time, and all nodes repair before it
rises again. So every quorum has a replica with the row: 2 of 2 replicas, then 2 of 3 of which only
one can be empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from contract.stores.cassandra.nodes import UNKNOWN, Node, unrepaired


@dataclass(frozen=True)
class Ring:
    """As this node sees it. `members`: host id of each node that has joined → why it does not
    answer, "" if it does. `factor`: replicas of each row; `wanted`: as the installation's size
    allows. `nodes`: rows of people.cassandra_nodes by host. `is_leader`: this node changes the
    schema. `is_new`: this node has joined, or replaced another, since its last row; `joined_with`:
    the replicas of each row when it began to; 0: unknown."""

    host: str
    host_id: UUID
    is_leader: bool
    is_new: bool
    joined_with: int
    members: Mapping[UUID, str]
    factor: int
    wanted: int
    nodes: Mapping[str, Node]


@dataclass(frozen=True)
class Register:
    """Write this node's row."""

    node: Node


@dataclass(frozen=True)
class Raise:
    """Change the replication to `factor`."""

    factor: int


@dataclass(frozen=True)
class Repair:
    """Compare replicas; then write `node`. `every_range`: all on this node, not only those for
    which it is the first."""

    every_range: bool
    node: Node


@dataclass(frozen=True)
class Clean:
    """Remove rows that other nodes hold now; then write `node`."""

    node: Node


@dataclass(frozen=True)
class Wait:
    """`reason`: a sentence."""

    reason: str


@dataclass(frozen=True)
class Done:
    """Every replica is there and repaired."""


Step = Register | Raise | Repair | Clean | Wait | Done


def next_step(ring: Ring) -> Step:
    me = ring.nodes.get(ring.host)
    if ring.is_new or me is None or me.host_id != ring.host_id:
        return Register(_first_row(ring, me))
    silent = [cause for cause in ring.members.values() if cause]
    behind = unrepaired(ring.nodes.values(), ring.members, ring.factor)
    known = {node.host_id for node in ring.nodes.values()}
    if behind or not ring.members.keys() <= known:
        return _repair(ring, me, behind, silent)
    if ring.factor < ring.wanted:
        return _raise(ring, silent)
    if len(ring.members) > ring.factor and not ring.members.keys() <= me.cleaned:
        return Clean(Node(me.host, me.host_id, me.repaired, frozenset(ring.members)))
    return Done()


def _first_row(ring: Ring, before: Node | None) -> Node:
    """A node that joins gets complete replicas if those of the others are complete, and if there
    were not fewer when it began. One whose disk was replaced may have got them from a node that
    missed a write."""
    others = [host_id for host_id in ring.members if host_id != ring.host_id]
    is_complete = not unrepaired(ring.nodes.values(), others, ring.factor)
    if before is not None:
        repaired = 0
    elif not ring.is_new:
        repaired = UNKNOWN
    else:
        had_all = not others or ring.joined_with == ring.factor
        repaired = ring.factor if is_complete and had_all else 0
    cleaned = frozenset(ring.members) if ring.is_new else frozenset()
    return Node(ring.host, ring.host_id, repaired, cleaned)


def _repair(ring: Ring, me: Node, behind: list[str], silent: list[str]) -> Step:
    """One node at a time, in the order of their names, so that the ring keeps its throughput."""
    if silent:
        return Wait(f"a repair needs every node: {silent[0]}")
    if not behind:
        return Wait("a node of the ring has not written its row yet")
    if behind[0] != me.host:
        return Wait(f"{behind[0]} repairs its replicas")
    return Repair(me.repaired == 0, Node(me.host, me.host_id, ring.factor, me.cleaned))


def _raise(ring: Ring, silent: list[str]) -> Step:
    if len(ring.members) < ring.wanted:
        return Wait(f"{len(ring.members)} of at least {ring.wanted} nodes have joined")
    if silent:
        return Wait(f"more replicas need every node: {silent[0]}")
    if not ring.is_leader:
        return Wait(f"the first node raises the replication from {ring.factor} to {ring.wanted}")
    return Raise(ring.factor + 1)
