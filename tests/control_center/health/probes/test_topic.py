"""The topic of people: partitions without leader or replica, and dead letters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.health.details.topic import TopicDetails
from contract.health.state import ProbeState
from control_center.health.probes.topic import evaluate

FINE = TopicDetails(2, {"0": 40, "1": 50}, (), (), 3, 0)


def test_the_number_of_messages() -> None:
    result = evaluate(FINE)
    assert (result.state, result.summary) == (ProbeState.OK, "2 partitions end after 90 messages")


def test_a_topic_that_does_not_exist_has_no_details() -> None:
    """The end offsets of a missing topic would count as 0 changes."""
    result = evaluate(replace(FINE, partitions=0, end_offsets={}))
    assert (result.state, result.component) == (ProbeState.FAIL, "connect")
    assert result.details is None


@pytest.mark.parametrize(
    ("details", "state", "summary", "component"),
    [
        (replace(FINE, without_leader=(1,)), ProbeState.FAIL, "[1] have no leader", "kafka-1"),
        (replace(FINE, under_replicated=(0,)), ProbeState.WARN, "[0] are under-repl", "kafka-1"),
        (
            replace(FINE, dead_letters_waiting=1),
            ProbeState.WARN,
            "1 dead letter waits to be corrected and replayed, the newest: unknown schema id",
            "spark-driver",
        ),
        (
            replace(FINE, dead_letters_waiting=1200),
            ProbeState.WARN,
            "1,200 dead letters wait to be corrected",
            "spark-driver",
        ),
    ],
)
def test_a_topic_that_needs_attention(
    details: TopicDetails, state: ProbeState, summary: str, component: str
) -> None:
    result = evaluate(details, "unknown schema id")
    assert (result.state, result.component) == (state, component)
    assert summary in result.summary
