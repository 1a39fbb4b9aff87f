"""Kafka's brokers: each answers, belongs to the cluster, and takes messages of Connect's size."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from contract.errors import UnreachableError
from contract.health.details.base import NodeStatus
from contract.health.details.kafka import KafkaDetails
from contract.health.state import ProbeState
from control_center.config import LARGEST_MESSAGE
from control_center.health.probes.kafka import answers, evaluate, fewest

BROKERS = KafkaDetails(
    (NodeStatus("kafka-1", True, "answers"), NodeStatus("kafka-2", True, "answers"))
)
MEMBERS = ["kafka-2", "kafka-1.riada.internal"]


def test_brokers_by_their_answers() -> None:
    error = UnreachableError("kafka-2", "does not answer within 3 s")
    assert answers({"kafka-1:9092": None, "kafka-2:9092": error}).nodes == (
        NodeStatus("kafka-1", True, "answers"),
        NodeStatus("kafka-2", False, "does not answer within 3 s"),
    )


def test_all_brokers_are_members() -> None:
    result = evaluate(BROKERS, MEMBERS, {"riada.public.users": LARGEST_MESSAGE})
    assert (result.state, result.summary) == (ProbeState.OK, "2 of 2 brokers")
    assert result.details == KafkaDetails(BROKERS.nodes, ("kafka-1.riada.internal", "kafka-2"))


def test_a_broker_outside_the_cluster_is_named() -> None:
    result = evaluate(BROKERS, ["kafka-1"], {})
    assert (result.state, result.component) == (ProbeState.FAIL, "kafka-2")


def test_a_topic_that_refuses_large_messages() -> None:
    limits = {"riada.public.a": LARGEST_MESSAGE, "riada.public.b": LARGEST_MESSAGE - 1}
    result = evaluate(BROKERS, MEMBERS, limits)
    assert result.state is ProbeState.FAIL
    assert result.summary.startswith("riada.public.b accepts no message of more than")


@pytest.mark.parametrize(
    ("replicas", "few", "summary"),
    [
        (
            {"_connect_configs": 1},
            {"_connect_configs": 1},
            "_connect_configs has 1 of 2 replicas: ",
        ),
        (
            {"a": 2, "b": 1, "c": 1},
            {"b": 1, "c": 1},
            "b has 1 of 2 replicas, and so do 1 more topics",
        ),
    ],
)
def test_topics_with_fewer_replicas_than_brokers(
    replicas: dict[str, int], few: dict[str, int], summary: str
) -> None:
    """They were made when there was one broker."""
    result = evaluate(BROKERS, MEMBERS, {}, replicas)
    assert (result.state, result.component) == (ProbeState.WARN, "connect")
    assert result.summary.startswith(summary)
    assert isinstance(result.details, KafkaDetails) and result.details.few == few


def test_all_replicas() -> None:
    assert evaluate(BROKERS, MEMBERS, {}, {"a": 2, "b": 3}).state is ProbeState.OK


def test_the_partition_with_the_fewest_replicas_counts() -> None:
    partitions = {0: SimpleNamespace(replicas=[1, 2]), 1: SimpleNamespace(replicas=[1])}
    assert fewest(SimpleNamespace(partitions=partitions)) == 1


def test_without_a_topic_there_is_no_limit() -> None:
    assert evaluate(BROKERS, MEMBERS, {}).state is ProbeState.OK
