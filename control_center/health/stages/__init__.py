"""Each stage in more detail than its probe tells: what the page and GET /api/stages/NAME show."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from control_center.clients.clients import Clients
from control_center.health.stages import (
    airflow,
    cassandra,
    connect,
    kafka,
    replication_slot,
    spark,
    topics,
)
from control_center.health.stages import zookeeper as zookeepers

STAGES: MappingProxyType[str, Callable[[Clients], dict[str, Any]]] = MappingProxyType(
    {
        "postgres": replication_slot.look,
        "connect": connect.look,
        "kafka": kafka.look,
        "zookeeper": zookeepers.look,
        "topics": topics.look,
        "spark": spark.look,
        "cassandra": cassandra.look,
        "airflow": airflow.look,
    }
)
"""Name → look(engines) → an object of JSON; each raises UnreachableError."""
