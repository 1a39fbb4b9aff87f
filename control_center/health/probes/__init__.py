"""One probe per component: `probe(clients)` returns a ProbeResult within 5 s. A probe may raise:
the runner turns the error into a failure. PROBES is in the order of dependency: a component comes
after the components that it needs. So the first failure is a root cause, and the failures after it
may be its consequences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.health.probes import (
    airflow,
    backup,
    capture,
    cassandra,
    connect,
    databases,
    disk,
    driver,
    ingest,
    kafka,
    lag,
    postgres,
    prometheus,
    schema_registry,
    slot,
    source,
    spark,
    topic,
    verification,
    zookeeper,
)
from control_center.health.runner import DEADLINE_S, Runner

_PROBES = (
    (disk.OUTCOME, disk.probe),
    (source.OUTCOME, source.probe),
    (postgres.OUTCOME, postgres.probe),
    (backup.OUTCOME, backup.probe),
    (databases.OUTCOME, databases.probe),
    (airflow.OUTCOME, airflow.probe),
    (ingest.OUTCOME, ingest.probe),
    (zookeeper.OUTCOME, zookeeper.probe),
    (kafka.OUTCOME, kafka.probe),
    (schema_registry.OUTCOME, schema_registry.probe),
    (connect.OUTCOME, connect.probe),
    (slot.OUTCOME, slot.probe),
    (capture.OUTCOME, capture.probe),
    (topic.OUTCOME, topic.probe),
    (spark.OUTCOME, spark.probe),
    (cassandra.OUTCOME, cassandra.probe),
    (driver.OUTCOME, driver.probe),
    (lag.OUTCOME, lag.probe),
    (verification.OUTCOME, verification.probe),
    (prometheus.OUTCOME, prometheus.probe),
)

PROBES: Mapping[str, Callable[[Clients], ProbeResult]] = MappingProxyType(
    {outcome.name: probe for outcome, probe in _PROBES}
)

# probe → the service to act on when the probe raises or does not end
COMPONENTS: Mapping[str, str] = MappingProxyType(
    {outcome.name: outcome.asked or outcome.component for outcome, _ in _PROBES}
)


def runner(clients: Clients, **measures: Callable[[Clients], ProbeResult]) -> Runner:
    """Runs the probes, and `measures` beside them, with these clients."""
    functions = {**PROBES, **measures}
    probes = {name: partial(function, clients) for name, function in functions.items()}
    return Runner(probes, COMPONENTS, DEADLINE_S * clients.settings.patience)
