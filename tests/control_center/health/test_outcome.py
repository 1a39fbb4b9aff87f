"""The results of a probe: state, component and details."""

from __future__ import annotations

import pytest

from contract.errors import UnreachableError
from contract.health.details.base import ClusterDetails, NodeStatus
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.outcome import Outcome

OUTCOME = Outcome("kafka", "kafka-1")
UP, DOWN = NodeStatus("kafka-1", True, "answers"), NodeStatus("kafka-2", False, "is gone")
DETAILS = ClusterDetails((UP, DOWN))


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (OUTCOME.ok, ProbeState.OK),
        (OUTCOME.warn, ProbeState.WARN),
        (OUTCOME.fail, ProbeState.FAIL),
    ],
)
def test_the_component_is_the_probe_s_own_unless_another_one_is_named(
    make: object, state: ProbeState
) -> None:
    assert callable(make)
    assert make("fine") == ProbeResult("kafka", state, "fine", "kafka-1", None, 0)
    named = make("fine", DETAILS, "kafka-2")
    assert named == ProbeResult("kafka", state, "fine", "kafka-2", DETAILS, 0)


def test_an_error_is_a_failure_of_its_component_in_one_line() -> None:
    result = OUTCOME.error(UnreachableError("connect", "answers 500\nwith a page"), DETAILS)
    assert result == ProbeResult(
        "kafka", ProbeState.FAIL, "connect: answers 500", "connect", DETAILS
    )


def test_the_first_node_that_does_not_serve() -> None:
    result = OUTCOME.first_down((UP, DOWN, NodeStatus("kafka-3", False, "too")), DETAILS)
    assert result == ProbeResult("kafka", ProbeState.FAIL, "kafka-2: is gone", "kafka-2", DETAILS)
    assert OUTCOME.first_down((UP,), DETAILS) is None
