"""A stage that stops growing is explained by the probes, or is itself the cause."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract.errors import UnreachableError
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.runner import Runner
from control_center.jobs.smoke_test.checks import CheckFailedError
from control_center.jobs.smoke_test.follow import Follower


def follower(state: ProbeState) -> Follower:
    def probe() -> ProbeResult:
        return ProbeResult("kafka", state, "kafka-1 is not on the network", "kafka-1")

    return Follower(Runner({"kafka": probe}), stall_s=0.1, pause_s=0.01)


def test_a_stage_that_completes() -> None:
    counts = iter([0, 3, 5])
    follower(ProbeState.OK).follow("topic", 5, lambda: next(counts), "connect")
    assert next(counts, None) is None


def test_a_count_that_fails_once_is_repeated() -> None:
    answers: Iterator[UnreachableError | int] = iter(
        [UnreachableError("kafka-1", "does not answer"), 5]
    )

    def count() -> int:
        answer = next(answers)
        if isinstance(answer, UnreachableError):
            raise answer
        return answer

    follower(ProbeState.OK).follow("topic", 5, count, "connect")


def test_a_stage_that_stalls_is_explained_by_the_probes() -> None:
    with pytest.raises(CheckFailedError) as caught:
        follower(ProbeState.FAIL).follow("topic", 5, lambda: 3, "connect")
    diagnosis = caught.value.diagnosis
    assert (diagnosis.stage, diagnosis.component) == ("kafka", "kafka-1")
    assert "3 of 5 rows" in diagnosis.cause


def test_a_stage_that_stalls_without_a_failed_probe_is_the_cause() -> None:
    with pytest.raises(CheckFailedError) as caught:
        follower(ProbeState.OK).follow("topic", 5, lambda: 3, "connect")
    assert (caught.value.diagnosis.stage, caught.value.diagnosis.component) == ("topic", "connect")
