"""One probe a component: `probe(engines) -> Result`, within 5 s, raising UnreachableError at will.

PROBES stands in the order of dependency: whatever a component needs comes before it, so that the
first failure is a root cause and the ones after it may be its victims.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from control_center.clients.clients import Clients
from control_center.health.probes import (
    airflow,
    capture,
    cassandra,
    connect,
    driver,
    ingest,
    kafka,
    lag,
    postgres,
    prometheus,
    randomuser,
    schema_registry,
    slot,
    spark,
    topic,
    zookeeper,
)
from control_center.health.result import ProbeResult

Probe = Callable[[Clients], ProbeResult]

PROBES: MappingProxyType[str, Probe] = MappingProxyType(
    {
        "randomuser": randomuser.probe,
        "postgres": postgres.probe,
        "airflow": airflow.probe,
        "ingest": ingest.probe,
        "zookeeper": zookeeper.probe,
        "kafka": kafka.probe,
        "schema-registry": schema_registry.probe,
        "connect": connect.probe,
        "slot": slot.probe,
        "capture": capture.probe,
        "topic": topic.probe,
        "spark": spark.probe,
        "cassandra": cassandra.probe,
        "driver": driver.probe,
        "lag": lag.probe,
        "prometheus": prometheus.probe,
    }
)

COMPONENTS: MappingProxyType[str, str] = MappingProxyType(
    {
        "airflow": airflow.API,
        "ingest": "postgres",
        "zookeeper": "zookeeper-1",
        "kafka": "kafka-1",
        "slot": "postgres",
        "capture": capture.COMPONENT,
        "topic": "kafka-1",
        "spark": spark.MASTER,
        "cassandra": "cassandra-1",
        "driver": driver.COMPONENT,
        "lag": lag.COMPONENT,
    }
)
"""Probe → the service to look at when the probe itself comes to no end, where names differ."""
