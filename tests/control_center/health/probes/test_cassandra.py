"""Cassandra: each node answers, and the nodes form one ring."""

from __future__ import annotations

from dataclasses import replace

from contract.errors import UnreachableError
from contract.health.details.base import NodeStatus
from contract.health.state import ProbeState
from control_center.health.probes.cassandra import answers, evaluate

NODES = answers({"cassandra-1:9042": None, "cassandra-2.riada.internal:9042": None})


def test_nodes_by_their_answers() -> None:
    error = UnreachableError("cassandra-1", "refuses connections")
    assert answers({"cassandra-1:9042": error}).nodes == (
        NodeStatus("cassandra-1", False, "refuses connections"),
    )
    assert [node.node for node in NODES.nodes] == ["cassandra-1", "cassandra-2"]


def test_one_ring() -> None:
    result = evaluate(replace(NODES, version="5.0", members=2))
    assert (result.state, result.summary) == (ProbeState.OK, "2 of 2 nodes serve")


def test_nodes_that_do_not_know_each_other() -> None:
    result = evaluate(replace(NODES, version="5.0", members=1))
    assert (result.state, result.summary) == (
        ProbeState.FAIL,
        "the ring has 1 members, expected 2",
    )
