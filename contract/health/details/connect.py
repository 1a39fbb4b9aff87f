"""Details of Kafka Connect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails


@dataclass(frozen=True)
class ConnectDetails(ProbeDetails):
    """`connector`: its state, such as RUNNING. `tasks`: number of the task → its state.
    `trace_first_line` and `cause` describe the first part that does not run."""

    connector: str
    tasks: Mapping[str, str]
    worker: str
    trace_first_line: str = ""
    cause: str = ""
