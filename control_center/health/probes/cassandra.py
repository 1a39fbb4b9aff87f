"""Cassandra: does every node serve, do the nodes form one ring, and are the people readable?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.base import NodeStatus
from contract.health.details.cassandra import CassandraDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask_all, cassandra_alive
from control_center.health.outcome import Outcome

OUTCOME = Outcome("cassandra", "cassandra-1")


def probe(clients: Clients) -> ProbeResult:
    nodes = answers(ask_all(clients.settings.cassandra_hosts, cassandra_alive))
    if down := OUTCOME.first_down(nodes.nodes, nodes):
        return down
    try:
        local = clients.cassandra.execute("SELECT release_version FROM system.local").one()
        peers = list(clients.cassandra.execute("SELECT peer FROM system.peers_v2"))
        clients.cassandra.execute("SELECT id FROM people.users LIMIT 1").one()
    except UnreachableError as error:
        return OUTCOME.error(error, nodes)
    return evaluate(replace(nodes, version=local.release_version, members=len(peers) + 1))


def answers(errors: Mapping[str, UnreachableError | None]) -> CassandraDetails:
    """`errors`: address → why the node does not answer, None if it does."""
    return CassandraDetails(
        tuple(
            NodeStatus(component_of(address), error is None, error.cause if error else "answers")
            for address, error in errors.items()
        )
    )


def evaluate(details: CassandraDetails) -> ProbeResult:
    """The result when all nodes answer: do they form one ring?"""
    expected = len(details.nodes)
    if details.members != expected:
        return OUTCOME.fail(f"the ring has {details.members} members, expected {expected}", details)
    return OUTCOME.ok(f"{expected} of {expected} nodes serve", details)
