"""The sentence: the root cause, how long, how much waits, and the warnings that matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.health.details.capture import CaptureDetails, TableCapture
from contract.health.details.connect import ConnectDetails
from contract.health.details.lag import LagDetails, TableLag
from contract.health.diagnosis import Diagnosis
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.diagnosis import diagnose, duration, sentence, warnings


def ok(name: str, summary: str = "fine") -> ProbeResult:
    return ProbeResult(name, ProbeState.OK, summary, f"{name}-1")


def warn(name: str) -> ProbeResult:
    return ProbeResult(name, ProbeState.WARN, "needs attention", f"{name}-1")


def fail(name: str, summary: str = "is down") -> ProbeResult:
    return ProbeResult(name, ProbeState.FAIL, summary, f"{name}-1")


def lag(waiting: int, state: ProbeState = ProbeState.OK) -> ProbeResult:
    details = LagDetails({"orders": TableLag({"0": waiting}), "users": TableLag({"0": 0})})
    return ProbeResult("lag", state, "all rows delivered", "spark-driver", details)


# --- the diagnosis -------------------------------------------------------------------------------


def test_the_first_failure_is_the_diagnosis() -> None:
    results = [ok("postgres"), warn("airflow"), fail("kafka"), fail("connect"), ok("lag")]
    assert diagnose(results) == Diagnosis("kafka", "kafka-1", "is down")
    assert diagnose(results[::-1]) == Diagnosis("connect", "connect-1", "is down")


@pytest.mark.parametrize("results", [[], [ok("kafka")], [warn("topic"), ok("kafka")]])
def test_without_a_failure_there_is_no_diagnosis(results: list[ProbeResult]) -> None:
    assert diagnose(results) is None


def test_warnings_after_the_first_failure_are_dropped() -> None:
    before, after = warn("airflow"), warn("topic")
    assert warnings([before, ok("kafka"), after]) == [before, after]
    assert warnings([ok("postgres"), before, fail("kafka"), after]) == [before]


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        ("has no leader", "kafka-1: has no leader"),
        ("kafka-1: has no leader", "kafka-1: has no leader"),
        ("the broker kafka-1 is away", "kafka-1: the broker kafka-1 is away"),
    ],
)
def test_the_component_is_named_once_and_first(cause: str, text: str) -> None:
    assert str(Diagnosis("kafka", "kafka-1", cause)) == text


# --- the sentence --------------------------------------------------------------------------------


def test_without_a_failure_the_sentence_is_the_lag() -> None:
    results = [ok("postgres"), ok("lag", "all rows delivered, 240 ms behind"), ok("prometheus")]
    assert sentence(results) == "all rows delivered, 240 ms behind"
    assert sentence(results, since_s=90, rows_in_slot=5) == "all rows delivered, 240 ms behind"


def test_without_a_lag_the_sentence_is_that_all_answer() -> None:
    assert sentence([ok("postgres")]) == "every component answers"


def test_warnings_follow_the_lag() -> None:
    results = [warn("airflow"), warn("topic"), ok("lag", "all rows delivered")]
    assert sentence(results) == (
        "all rows delivered; airflow-1: needs attention; topic-1: needs attention"
    )


def test_a_warning_before_the_failure_follows_it() -> None:
    """A warning before the failure may be its cause; a warning after it may be a consequence."""
    results = [warn("airflow"), fail("driver", "no driver runs"), warn("prometheus")]
    assert sentence(results) == "driver-1: no driver runs; airflow-1: needs attention"


@pytest.mark.parametrize(
    ("since_s", "text"),
    [
        (59.9, "driver-1: is down"),
        (60, "driver-1: is down; for 1 min"),
        (7_300, "driver-1: is down; for 2 h 1 min"),
    ],
)
def test_a_failure_of_a_minute_or_more_has_a_duration(since_s: float, text: str) -> None:
    assert sentence([fail("driver")], since_s) == text


@pytest.mark.parametrize(
    ("rows_in_slot", "text"),
    [
        (None, "driver-1: is down"),
        (0, "driver-1: is down"),
        (1204, "driver-1: is down; 1,204 rows wait in the slot"),
    ],
)
def test_rows_that_wait_in_the_slot(rows_in_slot: int | None, text: str) -> None:
    assert sentence([fail("driver")], rows_in_slot=rows_in_slot) == text


def test_rows_that_wait_on_the_topic() -> None:
    assert sentence([fail("driver"), lag(1204)]) == (
        "driver-1: is down; 1,204 rows wait on the topic"
    )
    assert sentence([fail("driver"), lag(0)]) == "driver-1: is down"


def test_the_lag_s_own_failure_names_the_rows_that_wait_already() -> None:
    assert sentence([lag(7, ProbeState.FAIL)]) == "spark-driver: all rows delivered"


def test_the_parts_have_an_order() -> None:
    results = [warn("airflow"), fail("driver"), lag(3)]
    assert sentence(results, 120, 9) == (
        "driver-1: is down; for 2 min; 9 rows wait in the slot; 3 rows wait on the topic; "
        "airflow-1: needs attention"
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 min"),
        (75, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h 0 min"),
        (90_061, "25 h 1 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_existing_rows_that_are_being_read_are_not_delivered() -> None:
    def results(read: bool) -> list[ProbeResult]:
        tables = {"orders": TableCapture(1, 1, True, 7.0, read), "users": TableCapture(read=True)}
        details = CaptureDetails(1, "first", "2026-11-26", tables)
        return [ProbeResult("capture", ProbeState.OK, "", "connect", details), lag(0)]

    assert sentence(results(read=False)) == "existing rows of orders are being read"
    assert sentence(results(read=True)) == "all rows delivered"


# --- other databases -----------------------------------------------------------------------------


def failing(*names: str, connect: ConnectDetails | None = None) -> list[ProbeResult]:
    order = ("postgres", "databases", "kafka", "connect", "topic", "lag")
    return [
        ProbeResult(
            name,
            ProbeState.FAIL if name in names else ProbeState.OK,
            f"{name} is at fault",
            name,
            connect if name == "connect" else None,
        )
        for name in order
    ]


def test_a_server_of_other_databases_hides_no_failure_of_the_platform() -> None:
    results = failing("databases", "kafka", "connect", "topic")
    diagnosis = diagnose(results)
    assert diagnosis and diagnosis.stage == "kafka"
    assert sentence(results).endswith("; databases is at fault")


def test_what_follows_from_a_server_of_other_databases_is_not_the_cause() -> None:
    own = ConnectDetails("RUNNING", {}, "connect:8083")
    both = replace(own, databases={"shop": own})
    results = failing("databases", "connect", "topic", "lag", connect=both)
    results[3] = replace(results[3], summary="shop: Connect's task is FAILED")
    diagnosis = diagnose(results)
    assert diagnosis and diagnosis.stage == "databases"
    assert sentence(results).count("databases is at fault") == 1
