"""Details of Kafka Connect's connectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.health.details.base import ProbeDetails
from contract.kafka.connect import ConnectorState


@dataclass(frozen=True)
class ConnectDetails(ProbeDetails):
    """`connector`: its state, such as RUNNING. `tasks`: number of the task → its state.
    `trace_first_line` and `cause` describe the first part that does not run. `databases`: name of
    another database → its connector, whose state is "" before it is registered."""

    connector: str
    tasks: Mapping[str, str]
    worker: str
    trace_first_line: str = ""
    cause: str = ""
    databases: Mapping[str, ConnectDetails] = field(default_factory=dict)

    @property
    def every(self) -> Mapping[str, ConnectDetails]:
        """Name of each database, "" for Riada's own, → its connector."""
        return {"": self, **self.databases}

    @property
    def runs(self) -> bool:
        """Do the connector and its tasks run? Those of other databases do not count."""
        states = {self.connector, *self.tasks.values()}
        return bool(self.tasks) and states == {ConnectorState.RUNNING}
