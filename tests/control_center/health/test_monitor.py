"""Since when a fault is there, and how many rows wait in the slot."""

from __future__ import annotations

from typing import Any

from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.monitor import HealthMonitor
from control_center.health.result import ProbeResult, ProbeState
from control_center.health.runner import Runner


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def monitor(clock: Clock) -> HealthMonitor:
    return HealthMonitor(Runner(Clients(Settings.load({})), {}), clock)


def results(
    failed: str = "", changes: int = 0, on_topic: int = 0, active: bool = True, behind: int = 0
) -> list[ProbeResult]:
    evidence: dict[str, dict[str, Any]] = {
        "slot": {"active": active, "changes": changes, "unconfirmed_bytes": behind},
        "topic": {"end_offsets": {"0": on_topic}},
    }
    return [
        ProbeResult(
            name,
            ProbeState.FAIL if name == failed else ProbeState.OK,
            f"{name} is down" if name == failed else "fine",
            name,
            evidence.get(name, {}),
        )
        for name in ("connect", "slot", "topic", "driver", "lag")
    ]


def test_a_fault_has_a_beginning_and_an_end() -> None:
    clock = Clock()
    found = monitor(clock)
    found.take(results("connect"))
    clock.now += 185
    assert found.take(results("connect")).sentence == "connect is down; for 3 min"
    clock.now += 5
    assert found.take(results("driver")).since_s == 0, "another fault"
    assert found.take(results()).diagnosis is None
    assert found.take(results("driver")).since_s == 0, "it came back"


def test_rows_in_the_slot_are_counted_from_when_none_waited() -> None:
    found = monitor(Clock())
    assert found.take(results("slot", 5000, 4000, active=False)).in_slot is None
    assert found.take(results("", 5000, 4000)).in_slot == 0
    look = found.take(results("connect", 6204, 4000, active=False, behind=1 << 20))
    assert look.in_slot == 1204
    assert look.sentence == "connect is down; 1,204 rows wait in the slot"
    assert found.take(results("", 6204, 5000, behind=1 << 20)).in_slot == 204


def test_a_slot_that_is_read_and_of_which_nothing_comes() -> None:
    def still(on_topic: int, failed: str = "") -> list[ProbeResult]:
        found = results(failed, 5020, on_topic)
        next(one for one in found if one.name == "slot").evidence["confirmed_flush_lsn"] = "0/1"
        return found

    clock = Clock()
    found = monitor(clock)
    assert found.take(still(5000)).diagnosis is None
    clock.now += 25
    look = found.take(still(5000))
    assert look.diagnosis is not None
    assert (look.diagnosis.stage, look.diagnosis.component) == ("slot", "connect")
    assert "nothing to Kafka for 25 s" in look.sentence
    assert found.take(still(5020)).diagnosis is None, "it goes on"
    clock.now += 25
    assert "nothing to Kafka" not in found.take(still(5020, "connect")).sentence
    assert found.take(still(5020)).diagnosis is None, "Connect has just come back"


def test_a_look_is_shared_while_it_is_fresh() -> None:
    clock = Clock()
    found = monitor(clock)
    first = found.look()
    assert found.look(4) is first
    clock.now += 5
    assert found.look(4) is not first
