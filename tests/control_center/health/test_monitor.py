"""The monitor remembers: since when is there a fault, and which snapshot is fresh enough?"""

from __future__ import annotations

from contract.health.details.slot import SlotDetails
from contract.health.details.topic import TableTopic, TopicDetails
from contract.health.report import HealthReport
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.monitor import HealthMonitor
from control_center.health.runner import Runner


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def monitor(clock: Clock) -> HealthMonitor:
    return HealthMonitor(Runner({}), clock)


def results(failed: str = "", warned: str = "", changes: int = 0) -> list[ProbeResult]:
    details = {
        "slot": SlotDetails(
            True, active=failed != "connect", confirmed_flush_lsn="0/1", changes={"users": changes}
        ),
        "topic": TopicDetails({"users": TableTopic({"0": 0})}),
    }
    states = {failed: ProbeState.FAIL, warned: ProbeState.WARN}
    return [
        ProbeResult(
            name,
            states.get(name, ProbeState.OK),
            "is down" if name == failed else "fine",
            name,
            details.get(name),
        )
        for name in ("connect", "slot", "topic", "driver", "lag")
    ]


def test_a_fault_has_a_beginning_and_an_end() -> None:
    clock = Clock()
    health = monitor(clock)
    health.record(results("connect"))
    clock.now += 185
    assert health.record(results("connect")).sentence == "connect: is down; for 3 min"
    clock.now += 5
    assert health.record(results("driver")).since_s == 0, "another fault"
    assert health.record(results()).diagnosis is None
    assert health.record(results("driver")).since_s == 0, "it came back"


def test_the_state_is_the_worst_that_the_sentence_mentions() -> None:
    health = monitor(Clock())
    assert health.record(results()).state is ProbeState.OK
    assert health.record(results(warned="topic")).state is ProbeState.WARN
    assert health.record(results("driver", warned="topic")).state is ProbeState.FAIL


def test_a_capture_that_is_stuck_becomes_the_diagnosis() -> None:
    clock = Clock()
    health = monitor(clock)
    health.record(results())
    clock.now += 25
    diagnosis = health.record(results()).diagnosis
    assert diagnosis is not None
    assert (diagnosis.stage, diagnosis.component) == ("slot", "connect")


def test_a_snapshot_is_shared_while_it_is_fresh() -> None:
    clock = Clock()
    health = monitor(clock)
    first = health.refresh()
    assert health.refresh(4) is first
    clock.now += 5
    assert health.refresh(4) is not first


def test_the_report_crosses_a_process() -> None:
    clock = Clock()
    health = monitor(clock)
    health.record(results(changes=5))
    health.record(results("connect", changes=12))
    clock.now += 90.4
    report = health.record(results("connect", changes=12)).report
    assert (report.ok, report.since_s, report.rows_in_slot) == (False, 90, 7)
    assert report.sentence == "connect: is down; for 1 min; 7 rows wait in the slot"
    assert HealthReport.from_json(report.to_json()) == report
