"""Which of many failures is named: the root cause, not its victims."""

from __future__ import annotations

from dataclasses import replace

import pytest

from control_center.health.diagnosis import Diagnosis, diagnose, sentence
from control_center.health.probes import PROBES
from control_center.health.result import ProbeResult, ProbeState

# What stops → the probes that then fail, as seen on the real engines.
STOPPED = {
    "randomuser": ["randomuser"],
    "postgres": ["postgres", "airflow", "schema-registry", "connect", "slot"],
    "airflow": ["airflow"],
    "zookeeper": ["zookeeper", "kafka", "topic", "connect", "lag"],
    "kafka": ["kafka", "connect", "topic", "driver", "lag"],
    "schema-registry": ["schema-registry", "connect", "slot", "driver"],
    "connect": ["connect", "slot"],
    "spark": ["spark", "driver", "lag"],
    "cassandra": ["cassandra", "driver", "lag"],
    "driver": ["driver", "lag"],
    "lag": ["lag"],
}


def results(failed: list[str], **evidence: object) -> list[ProbeResult]:
    return [
        ProbeResult(
            name,
            ProbeState.FAIL if name in failed else ProbeState.OK,
            f"{name} is down" if name in failed else "fine",
            f"{name}-1",
            dict(evidence) if name == "lag" else {},
        )
        for name in PROBES
    ]


@pytest.mark.parametrize(("stopped", "failed"), STOPPED.items())
def test_names_what_was_stopped(stopped: str, failed: list[str]) -> None:
    found = diagnose(results(failed))
    assert found == Diagnosis(stopped, f"{stopped}-1", f"{stopped} is down")


def test_every_probe_can_be_the_one() -> None:
    for name in PROBES:
        found = diagnose(results([name]))
        assert found is not None
        assert found.stage == name


def test_nothing_failed() -> None:
    assert diagnose(results([])) is None


def test_a_warning_is_no_failure() -> None:
    assert diagnose([ProbeResult("topic", ProbeState.WARN, "dead letters", "kafka-1")]) is None


def test_the_sentence_of_good_times_is_the_lag() -> None:
    fine = [one for one in results([]) if one.name != "lag"]
    lag = ProbeResult("lag", ProbeState.OK, "all rows delivered, 240 ms behind", "spark-driver")
    assert sentence([*fine, lag]) == "all rows delivered, 240 ms behind"


def noted(*wanting: str) -> list[ProbeResult]:
    return [
        replace(one, state=ProbeState.WARN, summary=f"{one.name} wants a look")
        if one.name in wanting
        else one
        for one in results([])
    ]


def test_what_wants_a_look_is_said_of_good_times_too() -> None:
    told = sentence(noted("airflow", "topic"))
    assert told == "fine; airflow-1: airflow wants a look; topic-1: topic wants a look"


def test_a_warning_may_be_a_failure_s_cause_or_its_victim() -> None:
    found = [
        replace(one, state=ProbeState.FAIL, summary="no driver runs")
        if one.name == "driver"
        else one
        for one in noted("airflow", "prometheus")
    ]
    assert sentence(found) == "driver-1: no driver runs; airflow-1: airflow wants a look"


def test_a_component_is_named_once() -> None:
    assert str(Diagnosis("kafka", "kafka-1", "kafka-1 is away")) == "kafka-1 is away"


def test_the_sentence_of_bad_times_is_the_cause_and_what_waits() -> None:
    assert sentence(results(["driver"])) == "driver-1: driver is down"
    assert (
        sentence(results(["driver"], waiting=1204))
        == "driver-1: driver is down; 1,204 rows wait on the topic"
    )
