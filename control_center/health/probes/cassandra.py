"""Cassandra: does every node serve, do the nodes know each other, can the people be read?"""

from __future__ import annotations

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask_all, cassandra_alive
from control_center.health.result import ProbeResult, ProbeState

NAME = "cassandra"


def probe(clients: Clients) -> ProbeResult:
    nodes = clients.settings.cassandra_hosts
    answers = ask_all(nodes, cassandra_alive)
    evidence: dict[str, object] = {
        "nodes": {node: answer.cause if answer else "answers" for node, answer in answers.items()}
    }
    for answer in answers.values():
        if isinstance(answer, UnreachableError):
            return ProbeResult(NAME, ProbeState.FAIL, str(answer), answer.component, evidence)
    first = nodes[0].split(":")[0]
    try:
        local = clients.cassandra.execute("SELECT release_version FROM system.local").one()
        peers = list(clients.cassandra.execute("SELECT peer FROM system.peers_v2"))
        clients.cassandra.execute("SELECT id FROM people.users LIMIT 1").one()
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component, evidence)
    evidence |= {"version": local.release_version, "members": len(peers) + 1}
    if len(peers) + 1 != len(nodes):
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the ring has {len(peers) + 1} members, expected {len(nodes)}",
            first,
            evidence,
        )
    return ProbeResult(
        NAME, ProbeState.OK, f"{len(nodes)} of {len(nodes)} nodes serve", first, evidence
    )
