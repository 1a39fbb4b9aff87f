"""All probes run at once, and a hung probe does not delay the others."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from contract.errors import UnreachableError
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.runner import Runner


def fine() -> ProbeResult:
    return ProbeResult("fine", ProbeState.OK, "fine", "fine-1")


class Hung:
    """A probe that does not answer before `release` is set."""

    def __init__(self) -> None:
        self.release, self.runs = Event(), 0

    def __call__(self) -> ProbeResult:
        self.runs += 1
        self.release.wait()
        return fine()


@pytest.fixture
def hung() -> Iterator[Hung]:
    probe = Hung()
    yield probe
    probe.release.set()


def test_a_hung_probe_fails_and_the_others_answer(hung: Hung) -> None:
    """The run would never return if the runner waited for the hung probe."""
    runner = Runner({"hung": hung, "fine": fine}, deadline_s=0.05)
    result, other = runner.run()
    assert (result.state, other.state) == (ProbeState.FAIL, ProbeState.OK)
    assert result.summary == "hung: the probe hung got no answer within 0.05 s"
    assert result.took_ms == 50


def test_a_hung_probe_is_not_started_again_for_each_question(hung: Hung) -> None:
    runner = Runner({"hung": hung, "fine": fine}, deadline_s=0.05)
    runner.run()
    assert runner.run()[0].state is ProbeState.FAIL
    assert hung.runs == 1
    hung.release.set()
    runner.deadline_s = 60
    assert runner.run()[0].state is ProbeState.OK, "it goes on once it is released"


def test_a_hung_component_is_named_as_its_service(hung: Hung) -> None:
    [result] = Runner({"kafka": hung}, {"kafka": "kafka-1"}, deadline_s=0.05).run()
    assert result.component == "kafka-1"


def test_the_error_of_a_probe_becomes_a_failure_of_its_component() -> None:
    def broken() -> ProbeResult:
        raise UnreachableError("kafka-2", "refuses connections\nand more")

    [result] = Runner({"kafka": broken}).run()
    assert result.state is ProbeState.FAIL
    assert (result.summary, result.component) == ("kafka-2: refuses connections", "kafka-2")


def test_a_mistake_in_a_probe_becomes_a_failure_too() -> None:
    def mistaken() -> ProbeResult:
        raise KeyError

    [result] = Runner({"kafka": mistaken}, {"kafka": "kafka-1"}).run()
    assert (result.state, result.summary) == (ProbeState.FAIL, "kafka-1: KeyError")


def test_only_the_named_probes_run() -> None:
    runner = Runner({"fine": fine, "other": fine})
    assert len(runner.run("other")) == 1
    assert len(runner.run()) == 2
