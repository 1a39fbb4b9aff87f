"""States of the connector and of its tasks, as Kafka Connect's REST API reports them."""

from __future__ import annotations

from enum import Enum


class ConnectorState(str, Enum):
    """Source: AbstractStatus.State of org.apache.kafka.connect.runtime."""

    UNASSIGNED = "UNASSIGNED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    FAILED = "FAILED"
    RESTARTING = "RESTARTING"


BY_ORDER = frozenset({ConnectorState.PAUSED, ConnectorState.STOPPED})  # an operator ordered it
