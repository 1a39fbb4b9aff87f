"""ZooKeeper: every node serves, and exactly one leads."""

from __future__ import annotations

import pytest

from contract.errors import UnreachableError
from contract.health.details.base import ClusterDetails, NodeStatus
from contract.health.state import ProbeState
from control_center.health.probes.zookeeper import evaluate


@pytest.mark.parametrize("modes", [["standalone"], ["follower", "leader", "follower"]])
def test_an_ensemble_with_one_leader(modes: list[str]) -> None:
    result = evaluate({f"zookeeper-{n}:2181": mode for n, mode in enumerate(modes, 1)})
    assert result.state is ProbeState.OK
    assert result.summary == f"{len(modes)} of {len(modes)} nodes serve"


@pytest.mark.parametrize("modes", [["follower", "follower"], ["leader", "standalone"]])
def test_an_ensemble_that_no_node_or_two_nodes_lead(modes: list[str]) -> None:
    result = evaluate({f"zookeeper-{n}:2181": mode for n, mode in enumerate(modes, 1)})
    assert result.state is ProbeState.FAIL
    assert "nodes lead, not 1" in result.summary


def test_the_node_that_does_not_answer_is_named() -> None:
    error = UnreachableError("zookeeper-2", "refuses connections")
    result = evaluate({"zookeeper-1:2181": "leader", "zookeeper-2.riada.internal:2181": error})
    assert (result.state, result.component) == (ProbeState.FAIL, "zookeeper-2")
    assert result.summary == "zookeeper-2: refuses connections"
    assert isinstance(result.details, ClusterDetails)
    assert result.details.nodes == (
        NodeStatus("zookeeper-1", True, "leader"),
        NodeStatus("zookeeper-2", False, "refuses connections"),
    )
