"""ZooKeeper: does every node serve, and does one lead?"""

from __future__ import annotations

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask_all, zookeeper_mode
from control_center.health.result import ProbeResult, ProbeState

NAME = "zookeeper"


def probe(clients: Clients) -> ProbeResult:
    nodes = clients.settings.zookeepers
    modes = ask_all(nodes, zookeeper_mode)
    evidence = {"modes": {node: getattr(mode, "cause", mode) for node, mode in modes.items()}}
    for mode in modes.values():
        if isinstance(mode, UnreachableError):
            return ProbeResult(NAME, ProbeState.FAIL, str(mode), mode.component, evidence)
    leaders = [node for node, mode in modes.items() if mode in ("leader", "standalone")]
    if len(leaders) != 1:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{len(leaders)} of {len(nodes)} nodes lead, not 1",
            NAME,
            evidence,
        )
    return ProbeResult(
        NAME, ProbeState.OK, f"{len(nodes)} of {len(nodes)} nodes serve", NAME, evidence
    )
