"""Details of each stage, for the page Stages and GET /api/stages/NAME. `describe(clients, table)`
of each module returns a dataclass; it raises UnreachableError. `table`: the chosen table, or None;
most stages show every table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from contract.json_record import JsonRecord
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.health.stages import (
    airflow,
    cassandra,
    connect,
    kafka,
    replication_slot,
    spark,
    topics,
    zookeeper,
)

STAGES: Mapping[str, Callable[[Clients, Table | None], JsonRecord]] = MappingProxyType(
    {
        "postgres": replication_slot.describe,
        "connect": connect.describe,
        "kafka": kafka.describe,
        "zookeeper": zookeeper.describe,
        "topics": topics.describe,
        "spark": spark.describe,
        "cassandra": cassandra.describe,
        "airflow": airflow.describe,
    }
)
