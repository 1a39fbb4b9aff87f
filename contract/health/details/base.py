"""The common base of the details of all probes."""

from __future__ import annotations

from dataclasses import dataclass

from contract.json_record import JsonRecord


@dataclass(frozen=True)
class ProbeDetails(JsonRecord):
    """Base of the details of every probe."""


@dataclass(frozen=True)
class NodeStatus(JsonRecord):
    """`node` is the service, such as kafka-2. `answer`: its role or version if it serves, otherwise
    the cause."""

    node: str
    serves: bool
    answer: str


@dataclass(frozen=True)
class ClusterDetails(ProbeDetails):
    """Details of a component of several nodes."""

    nodes: tuple[NodeStatus, ...]
