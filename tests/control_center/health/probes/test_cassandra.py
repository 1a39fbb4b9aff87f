"""Cassandra: each node answers, the nodes form one ring, and every table is readable."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from uuid import UUID

import pytest

from contract.errors import UnreachableError
from contract.health.details.base import NodeStatus
from contract.health.details.cassandra import CassandraDetails
from contract.health.state import ProbeState
from control_center.health.probes.cassandra import (
    MISSING,
    answers,
    evaluate,
    unreadable,
    unrepaired,
    without_quorum,
)
from tests.control_center.health.stages.in_memory import clients
from tests.control_center.health.tables import TABLES

NODES = answers({"cassandra-1:9042": None, "cassandra-2.riada.internal:9042": None})
RING = replace(NODES, version="5.0", members=2)
NOW = 1e9


def test_nodes_by_their_answers() -> None:
    error = UnreachableError("cassandra-1", "refuses connections")
    assert answers({"cassandra-1:9042": error}).nodes == (
        NodeStatus("cassandra-1", False, "refuses connections"),
    )
    assert [node.node for node in NODES.nodes] == ["cassandra-1", "cassandra-2"]


def test_the_certificate_that_expires_first_is_named() -> None:
    ring = answers({"cassandra-1:9042": NOW + 1e9, "cassandra-2:9042": NOW})
    result = evaluate(replace(ring, version="5.0", members=2), NOW)
    assert (result.state, result.component) == (ProbeState.WARN, "cassandra-2")
    assert result.summary.startswith("has a certificate that expires in 0 days")


def test_clear_text_is_reported() -> None:
    result = evaluate(replace(RING, clear_text=True), NOW)
    assert (result.state, result.component) == (ProbeState.WARN, "cassandra-1")
    assert result.summary.startswith("accepts connections in clear text")


def ring_with(*down: int) -> CassandraDetails:
    error = UnreachableError("cassandra", "refuses connections")
    return answers({f"cassandra-{n}:9042": error if n in down else None for n in (1, 2, 3)})


def test_most_replicas_do_not_serve() -> None:
    result = without_quorum(ring_with(2, 3), "mine")
    assert result
    assert (result.state, result.component) == (ProbeState.FAIL, "cassandra-2")
    assert result.summary.startswith("cassandra-2: refuses connections; 2 of 3 nodes do not serve")
    assert "docker exec mine-cassandra-2 replace-without-quorum" in result.summary


def test_a_quorum_serves() -> None:
    assert without_quorum(ring_with(2), "mine") is None
    alone = answers({"cassandra-1:9042": UnreachableError("cassandra-1", "refuses connections")})
    assert without_quorum(alone, "mine") is None


def test_one_ring() -> None:
    result = evaluate(replace(RING, tables={"orders": "", "users": ""}), NOW)
    assert (result.state, result.summary) == (ProbeState.OK, "2 of 2 nodes serve 2 tables")


def test_nodes_that_do_not_know_each_other() -> None:
    result = evaluate(replace(RING, members=1), NOW)
    assert (result.state, result.summary) == (
        ProbeState.FAIL,
        "the ring has 1 members, expected 2",
    )


def test_a_dropped_table_is_named() -> None:
    result = evaluate(replace(RING, tables={"orders": MISSING, "users": ""}), NOW)
    assert result.state is ProbeState.FAIL
    assert result.summary == f"orders cannot be read: {MISSING}; 1 other table is readable"


@pytest.mark.parametrize("tables", [{}, {"users": ""}])
def test_fewer_replicas_than_nodes(tables: dict[str, str]) -> None:
    result = evaluate(replace(RING, tables=tables, replicas=1, wanted=2), NOW)
    assert (result.state, result.component) == (ProbeState.WARN, "cassandra-1")
    assert result.summary.startswith("rows have 1 of 2 replicas")


def test_replicas_that_are_not_repaired() -> None:
    result = evaluate(replace(RING, replicas=2, wanted=2, unrepaired=("cassandra-2",)), NOW)
    assert (result.state, result.component) == (ProbeState.WARN, "cassandra-2")
    assert result.summary.startswith("cassandra-2 has not repaired its replicas yet")


def test_a_table_at_fault_is_named_before_missing_replicas() -> None:
    result = evaluate(replace(RING, tables={"users": MISSING}, replicas=1, wanted=2), NOW)
    assert result.state is ProbeState.FAIL


def test_nodes_whose_replicas_may_differ() -> None:
    first, second, gone = UUID(int=1), UUID(int=2), UUID(int=3)
    rows = [
        SimpleNamespace(host="cassandra-1", host_id=first, repaired=3, cleaned=None),
        SimpleNamespace(host="cassandra-2", host_id=second, repaired=0, cleaned=None),
        SimpleNamespace(host="cassandra-3", host_id=gone, repaired=1, cleaned=None),
    ]
    platform = clients(cassandra=SimpleNamespace(execute=lambda query: rows))
    assert unrepaired(platform, {first, second}, 3, {"cassandra_nodes"}) == ("cassandra-2",)
    assert unrepaired(platform, {first, second}, 1, {"cassandra_nodes"}) == ()
    assert unrepaired(platform, {first, second}, 3, {"batches"}) == ()


class InMemoryCassandra:
    """`broken`: the statement that fails."""

    def __init__(self, broken: str) -> None:
        self._broken = broken

    def execute(self, query: str) -> SimpleNamespace:
        if query == self._broken:
            raise UnreachableError("cassandra-1", "the cluster answers no query (timeout)")
        return SimpleNamespace(one=lambda: None)


def test_each_table_is_read() -> None:
    store = InMemoryCassandra('SELECT "tenant" FROM people."orders" LIMIT 1')
    platform = clients(cassandra=store)
    timeout = "the cluster answers no query (timeout)"
    known = {"orders", "users", "batches"}
    assert unreadable(platform, TABLES, known) == {"orders": timeout, "users": ""}
    assert unreadable(platform, TABLES, {"orders"})["users"] == MISSING
    assert unreadable(platform, {}, known) == {}
