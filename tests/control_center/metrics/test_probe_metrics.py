"""Metrics of the probes themselves, and of the nodes that they ask."""

from __future__ import annotations

from contract.health.details.base import NodeStatus
from contract.health.details.kafka import KafkaDetails
from contract.health.details.source import SourceDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.metrics import probe_metrics
from tests.control_center.metrics.samples import values


def test_a_warning_is_not_a_failure() -> None:
    results = [ProbeResult(state.value, state, "", "x", took_ms=1500) for state in ProbeState]
    metrics = values(probe_metrics.families(results))
    assert [metrics[f"riada_probe_up{{probe={state.value}}}"] for state in ProbeState] == [1, 1, 0]
    assert metrics["riada_probe_seconds{probe=ok}"] == 1.5


def test_each_node_of_a_cluster() -> None:
    nodes = (NodeStatus("kafka-1", True, "answers"), NodeStatus("kafka-2", False, "is gone"))
    result = ProbeResult("kafka", ProbeState.FAIL, "", "kafka-2", KafkaDetails(nodes))
    metrics = values(probe_metrics.families([result]))
    assert metrics["riada_node_up{probe=kafka}{node=kafka-1}"] == 1
    assert metrics["riada_node_up{probe=kafka}{node=kafka-2}"] == 0


def test_no_node_without_details_or_of_a_component_without_nodes() -> None:
    results = [
        ProbeResult("kafka", ProbeState.FAIL, "", "kafka-1"),
        ProbeResult("source", ProbeState.OK, "", "x", SourceDetails({})),
    ]
    metrics = values(probe_metrics.families(results))
    assert not [name for name in metrics if name.startswith("riada_node_up")]
