"""ZooKeeper: does every node serve, and is exactly one node the leader?"""

from __future__ import annotations

from collections.abc import Mapping

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.health.details.base import NodeStatus
from contract.health.details.zookeeper import ZooKeeperDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask_all, zookeeper_mode
from control_center.health.outcome import Outcome

OUTCOME = Outcome("zookeeper", "zookeeper-1")
LEADING = ("leader", "standalone")
MODES = (*LEADING, "follower")


def probe(clients: Clients) -> ProbeResult:
    return evaluate(ask_all(clients.settings.zookeepers, zookeeper_mode))


def evaluate(modes: Mapping[str, str | UnreachableError]) -> ProbeResult:
    """`modes`: address → the node's mode, or why it does not answer."""
    nodes = tuple(_node(address, mode) for address, mode in modes.items())
    details = ZooKeeperDetails(nodes)
    if down := OUTCOME.first_down(nodes, details):
        return down
    leaders = [node for node in nodes if node.answer in LEADING]
    if len(leaders) != 1:
        return OUTCOME.fail(f"{len(leaders)} of {len(nodes)} nodes lead, not 1", details)
    return OUTCOME.ok(f"{len(nodes)} of {len(nodes)} nodes serve", details)


def _node(address: str, mode: str | UnreachableError) -> NodeStatus:
    answer = mode.cause if isinstance(mode, UnreachableError) else mode
    return NodeStatus(component_of(address), answer in MODES, answer)
