"""ZooKeeper's nodes by their own `srvr`."""

from __future__ import annotations

from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask, ask_all

TOLD = ("Mode", "Latency min/avg/max", "Connections", "Outstanding", "Node count", "Zxid")


def look(clients: Clients) -> dict[str, Any]:
    """{nodes: [{node, mode, latency, connections, outstanding, nodes}]}."""
    answers = ask_all(clients.settings.zookeepers, lambda node: ask(node, b"srvr"))
    return {"nodes": [_node(node, answer) for node, answer in answers.items()]}


def _node(address: str, answer: bytes | UnreachableError) -> dict[str, Any]:
    host = address.split(":")[0]
    if isinstance(answer, UnreachableError):
        return {"node": host, "mode": answer.cause}
    told = dict(
        line.split(": ", 1)
        for line in answer.decode(errors="replace").splitlines()
        if line.startswith(TOLD) and ": " in line
    )
    return {
        "node": host,
        "mode": told.get("Mode", answer.decode(errors="replace").strip()[:120]),
        "latency": told.get("Latency min/avg/max"),
        "connections": told.get("Connections"),
        "outstanding": told.get("Outstanding"),
        "nodes": told.get("Node count"),
    }
