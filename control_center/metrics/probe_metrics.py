"""From the probes' results: which of them pass, how long they took, which nodes answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric

from control_center.health.result import ProbeResult, ProbeState

NODES = {
    "kafka": ("brokers", ("answers",)),
    "zookeeper": ("modes", ("standalone", "leader", "follower")),
    "cassandra": ("nodes", ("answers",)),
    "spark": ("workers", ("spark://",)),
}
"""Probe → where its evidence tells of each node, and how it begins for one that serves."""


def families(results: Sequence[ProbeResult]) -> Iterator[Metric]:
    """riada_probe_up and _seconds by probe, riada_node_up by probe and node."""
    up = GaugeMetricFamily("riada_probe_up", "1: the probe passes (ok or warn).", labels=["probe"])
    took = GaugeMetricFamily("riada_probe_seconds", "How long the probe took.", labels=["probe"])
    node_up = GaugeMetricFamily(
        "riada_node_up", "1: the node answers as one that serves.", labels=["probe", "node"]
    )
    for result in results:
        up.add_metric([result.name], float(result.state is not ProbeState.FAIL))
        took.add_metric([result.name], result.took_ms / 1000)
        for node, serves in nodes(result).items():
            node_up.add_metric([result.name, node], float(serves))
    yield from (up, took, node_up)


def nodes(result: ProbeResult) -> dict[str, bool]:
    """Node ("kafka-1") → does it serve? {} for a component of one node or without an answer."""
    where, serving = NODES.get(result.name, ("", ()))
    return {
        address.split(":")[0].split(".")[0]: str(answer).startswith(serving)
        for address, answer in result.evidence.get(where, {}).items()
    }
