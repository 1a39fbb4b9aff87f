"""ZooKeeper's nodes, from their answers to `srvr`."""

from __future__ import annotations

from dataclasses import dataclass

from contract.errors import UnreachableError
from contract.health.component import component_of
from contract.json_record import JsonRecord
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask, ask_all


@dataclass(frozen=True)
class ZooKeeperNode(JsonRecord):
    """`mode`: standalone, leader or follower, or why the node does not answer. `latency`: minimum,
    average and maximum in ms. `nodes`: znodes. None if the node does not report it."""

    node: str
    mode: str
    latency: str | None = None
    connections: str | None = None
    outstanding: str | None = None
    nodes: str | None = None


@dataclass(frozen=True)
class ZooKeeperStage(JsonRecord):
    nodes: tuple[ZooKeeperNode, ...]


def describe(clients: Clients, _: Table | None = None) -> ZooKeeperStage:
    answers = ask_all(clients.settings.zookeepers, lambda node: ask(node, b"srvr"))
    return ZooKeeperStage(tuple(node(address, answer) for address, answer in answers.items()))


def node(address: str, answer: bytes | UnreachableError) -> ZooKeeperNode:
    """`answer`: to `srvr`, lines of "Name: value"."""
    name = component_of(address)
    if isinstance(answer, UnreachableError):
        return ZooKeeperNode(name, answer.cause)
    text = answer.decode(errors="replace")
    values = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    return ZooKeeperNode(
        node=name,
        mode=values.get("Mode", text.strip()[:120]),
        latency=values.get("Latency min/avg/max"),
        connections=values.get("Connections"),
        outstanding=values.get("Outstanding"),
        nodes=values.get("Node count"),
    )
