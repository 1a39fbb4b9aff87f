"""All probes at once, and none can hold the others up."""

from __future__ import annotations

import time
from threading import Event

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.result import ProbeResult, ProbeState
from control_center.health.runner import Runner

CLIENTS = Clients(Settings.load({}))


def fine(_: Clients) -> ProbeResult:
    return ProbeResult("fine", ProbeState.OK, "fine", "fine-1")


def test_a_hung_probe_fails_and_the_others_answer() -> None:
    forever = Event()
    calls = []

    def hung(_: Clients) -> ProbeResult:
        calls.append(1)
        forever.wait()
        return fine(CLIENTS)

    runner = Runner(CLIENTS, {"hung": hung, "fine": fine}, deadline_s=0.2)
    began = time.monotonic()
    first, second = runner.run(), runner.run()
    assert time.monotonic() - began < 1
    forever.set()
    assert [one.state for one in first] == [ProbeState.FAIL, ProbeState.OK]
    assert second[0].summary == "hung does not answer within 0.2 s"
    assert len(calls) == 1, "a hung probe must not be started once more for each question"


def test_a_probe_that_raises_is_a_finding() -> None:
    def broken(_: Clients) -> ProbeResult:
        raise UnreachableError("broken-1", "refuses connections\nand more")

    (found,) = Runner(CLIENTS, {"broken": broken}).run()
    assert (found.state, found.summary) == (ProbeState.FAIL, "broken-1: refuses connections")


def test_a_hung_component_is_named_as_its_service() -> None:
    forever = Event()

    def hung(_: Clients) -> ProbeResult:
        forever.wait()
        return fine(CLIENTS)

    (found,) = Runner(CLIENTS, {"kafka": hung}, deadline_s=0.1).run()
    forever.set()
    assert found.component == "kafka-1"


def test_only_the_probes_asked_for() -> None:
    runner = Runner(CLIENTS, {"fine": fine, "other": fine})
    assert len(runner.run("other")) == 1
    assert len(runner.run()) == 2


def test_patience_waits_that_many_times_as_long() -> None:
    patient = Clients(Settings.load({"PATIENCE": 3}))
    assert Runner(patient, {"fine": fine}).deadline_s == 3 * Runner(CLIENTS).deadline_s
