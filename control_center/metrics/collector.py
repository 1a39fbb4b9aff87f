"""Runs the probes and the measurement of the stream at once, and makes metrics of their results."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from contract.health.details.verification import VerificationDetails
from contract.health.result import details_of
from control_center.clients.clients import Clients
from control_center.health import probes
from control_center.health.monitor import HealthMonitor
from control_center.metrics import probe_metrics, stages, stream, verification


class PipelineCollector(Collector):
    """An unknown value has no sample; it is never 0."""

    def __init__(
        self, clients: Clients, monitor: HealthMonitor, registry: CollectorRegistry
    ) -> None:
        self._runner = probes.runner(clients, stream=stream.Stream(registry).measure)
        self._monitor = monitor

    def collect(self) -> Iterator[Metric]:
        results = self._runner.run()
        probed = self._monitor.record(
            [result for result in results if result.name in probes.PROBES]
        )
        yield from probe_metrics.families(probed.results)
        yield from stages.families(results)
        yield from verification.families(details_of(results, VerificationDetails))
