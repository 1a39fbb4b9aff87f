"""Metrics of the results of the probes: whether they pass, their durations, and the nodes that
serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric

from contract.health.details.base import ClusterDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState


def families(results: Sequence[ProbeResult]) -> Iterator[Metric]:
    """riada_probe_up and _seconds by probe, riada_node_up by probe and node. A component of one
    node, or without details, has no riada_node_up."""
    up = GaugeMetricFamily("riada_probe_up", "1: the probe passes (ok or warn).", labels=["probe"])
    took = GaugeMetricFamily("riada_probe_seconds", "The duration of the probe.", labels=["probe"])
    node_up = GaugeMetricFamily(
        "riada_node_up", "1: the node answers as a serving node.", labels=["probe", "node"]
    )
    for result in results:
        up.add_metric([result.name], float(result.state is not ProbeState.FAIL))
        took.add_metric([result.name], result.took_ms / 1000)
        if isinstance(result.details, ClusterDetails):
            for node in result.details.nodes:
                node_up.add_metric([result.name, node.node], float(node.serves))
    yield from (up, took, node_up)
