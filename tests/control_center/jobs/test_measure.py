"""What bench and smoke test compute."""

from __future__ import annotations

import pytest

from contract.table.columns import NAMES
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.diagnosis import Diagnosis
from control_center.health.result import ProbeResult, ProbeState
from control_center.health.runner import Runner
from control_center.jobs.bench.latency import percentile
from control_center.jobs.smoke_test.checks import Checks, FellShortError
from control_center.jobs.smoke_test.follow import Follower
from control_center.pipeline.messages import Event, UndecodableError

CLIENTS = Clients(Settings.load({}))


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 99)) == (50, 99)
    assert percentile([3.0], 99) == 3.0
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 50)


def test_the_first_check_that_fails_ends_the_table() -> None:
    checks = Checks()
    checks.add("one", True, "fine", Diagnosis("", "", ""))
    with pytest.raises(FellShortError, match="connect: 3 people are missing"):
        checks.add("two", False, "3 missing", Diagnosis("topic", "connect", "3 people are missing"))
    assert [(row["check"], row["ok"]) for row in checks.as_json()] == [
        ("one", True),
        ("two", False),
    ]


def follower(state: ProbeState) -> Follower:
    def probe(_: Clients) -> ProbeResult:
        return ProbeResult("kafka", state, "kafka-1 is not on the network", "kafka-1")

    return Follower(Runner(CLIENTS, {"kafka": probe}), stall_s=0.1, pause_s=0.01)


def test_a_stage_that_completes() -> None:
    counts = iter([0, 3, 5])
    follower(ProbeState.OK).follow("topic", 5, lambda: next(counts), "connect")


def test_a_stage_that_stalls_is_explained_by_the_probes() -> None:
    with pytest.raises(FellShortError) as caught:
        follower(ProbeState.FAIL).follow("topic", 5, lambda: 3, "connect")
    found = caught.value.diagnosis
    assert (found.stage, found.component) == ("kafka", "kafka-1")
    assert "3 of 5 people" in found.cause


def test_a_stage_that_stalls_without_explanation_is_itself_to_blame() -> None:
    with pytest.raises(FellShortError) as caught:
        follower(ProbeState.OK).follow("topic", 5, lambda: 3, "connect")
    assert (caught.value.diagnosis.stage, caught.value.diagnosis.component) == ("topic", "connect")


def test_an_event_of_a_person() -> None:
    record = dict.fromkeys(NAMES, "x") | {
        "id": "B25124B3-CD58-477D-8365-6A42F620507E",
        "__deleted": "true",
        "__op": "d",
        "__source_lsn": 5,
        "__source_ts_ms": 7,
    }
    event = Event.of(record)
    assert (event.id, event.deleted, event.lsn) == (record["id"].lower(), True, 5)
    with pytest.raises(UndecodableError, match="__source_lsn"):
        Event.of(record | {"__source_lsn": None})
