"""Topics: their partitions by Kafka, their size on disk by Prometheus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contract.errors import UnreachableError
from control_center.health.stages.topics import TopicRow, describe
from tests.control_center.health.stages.in_memory import clients


@dataclass
class Partition:
    replicas: list[int]
    isrs: list[int]


@dataclass
class Topic:
    partitions: dict[int, Partition] = field(default_factory=dict)


class InMemoryKafka:
    def topics(self) -> dict[str, Topic]:
        users = Topic({0: Partition([1, 2, 3], [1, 2]), 1: Partition([1, 2], [1, 2])})
        return {"users": users, "empty": Topic()}

    def spans(self, topics: dict[str, Topic]) -> dict[str, dict[int, tuple[int, int]]]:
        return {"users": {0: (5, 40), 1: (0, 50)}, "empty": {}}


class InMemoryPrometheus:
    def __init__(self, error: UnreachableError | None = None) -> None:
        self._error = error

    def now(self, query: str) -> Any:
        if self._error:
            raise self._error
        return [({"topic": "users"}, 4096.0)]


def test_topics_in_alphabetical_order() -> None:
    stage = describe(clients(kafka=InMemoryKafka(), prometheus=InMemoryPrometheus()))
    assert stage.topics == (
        TopicRow("empty", 0, 0, 0, 0, None),
        TopicRow("users", 2, 2, 1, 85, 4096.0),
    )
    assert stage.sizes == ""


def test_without_prometheus_the_sizes_are_missing_and_the_rest_is_shown() -> None:
    prometheus = InMemoryPrometheus(UnreachableError("prometheus", "refuses connections"))
    stage = describe(clients(kafka=InMemoryKafka(), prometheus=prometheus))
    assert [(row.topic, row.bytes) for row in stage.topics] == [("empty", None), ("users", None)]
    assert stage.sizes == "The sizes on disk are unknown: prometheus: refuses connections."
