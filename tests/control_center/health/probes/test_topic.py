"""The topics: partitions without leader or replica, and dead letters."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from contract.health.details.topic import TableTopic, TopicDetails
from contract.health.state import ProbeState
from control_center.health.probes.topic import evaluate, table_topic

FINE = TableTopic({"0": 40, "1": 50}, dead_letters=3)


def test_the_number_of_messages() -> None:
    result = evaluate({"orders": TableTopic({"0": 1}), "users": FINE})
    assert result.state is ProbeState.OK
    assert result.summary == "3 partitions of 2 tables end after 91 messages"


def test_a_topic_that_does_not_exist_has_no_details() -> None:
    """The end offsets of a missing topic would count as 0 changes."""
    result = evaluate({"orders": None, "users": FINE})
    assert (result.state, result.component) == (ProbeState.FAIL, "connect")
    assert result.summary.startswith("orders has no topic")
    assert result.details == TopicDetails({"users": FINE})


@pytest.mark.parametrize(
    ("topic", "state", "summary", "component"),
    [
        (
            replace(FINE, without_leader=(1,)),
            ProbeState.FAIL,
            "users has partitions without a leader: [1]; 1 other table has a healthy topic",
            "kafka-1",
        ),
        (
            replace(FINE, under_replicated=(0,)),
            ProbeState.WARN,
            "users has under-replicated partitions: [0]; 1 other table has a healthy topic",
            "kafka-1",
        ),
        (
            replace(FINE, dead_letters_waiting=1),
            ProbeState.WARN,
            "users has 1 dead letter that waits to be corrected and replayed, the newest: unknown "
            "schema id; 1 other table has a healthy topic",
            "spark-driver",
        ),
        (
            replace(FINE, dead_letters_waiting=1200),
            ProbeState.WARN,
            "users has 1,200 dead letters that wait to be corrected and replayed, the newest: "
            "unknown schema id; 1 other table has a healthy topic",
            "spark-driver",
        ),
    ],
)
def test_a_topic_that_needs_attention(
    topic: TableTopic, state: ProbeState, summary: str, component: str
) -> None:
    topics = {"orders": FINE, "users": topic}
    result = evaluate(topics, {"users": "unknown schema id"})
    assert (result.state, result.component, result.summary) == (state, component, summary)


@pytest.mark.parametrize(
    ("settings", "limits"),
    [
        ({"retention.bytes": "4096", "retention.ms": "1500"}, (4096, 1.5)),
        ({"retention.bytes": "-1", "retention.ms": "-1"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_what_kafka_keeps_of_a_topic(
    settings: dict[str, str], limits: tuple[int | None, float | None]
) -> None:
    described = SimpleNamespace(topic="riada.public.users", partitions={})
    topic = table_topic(described, {1: (7, 9), 0: (0, 4)}, 3, 2, settings)
    assert topic == TableTopic(
        {"0": 4, "1": 9}, (), (), 3, 2, {"0": 4, "1": 2}, *limits, "riada.public.users"
    )
