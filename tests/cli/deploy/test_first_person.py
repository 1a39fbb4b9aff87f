"""The first person is followed until Cassandra has it, and its batch is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cli.clients import control_center
from cli.clients.http import NoResponseError, ResponseError
from cli.deploy import first_person
from cli.host.errors import CliError
from cli.installations.local import Installation
from contract.stream.trace import (
    Batch,
    Commit,
    PersonTrace,
    StageMilliseconds,
    TopicEvent,
    Write,
)
from tests.cli.clock import Clock

COMMITTED = PersonTrace(
    "u-1",
    False,
    Commit("12:00:00.000", "0/16B3748"),
    kafka=None,
    spark=None,
    cassandra=None,
    milliseconds=StageMilliseconds(),
)
READABLE = replace(COMMITTED, arrived=True)
COMPLETE = replace(
    READABLE,
    kafka=TopicEvent(3, 12, "12:00:00.100"),
    spark=Batch(7, "12:00:00.300", "r1", 1),
    cassandra=Write("12:00:00.900"),
    milliseconds=StageMilliseconds(100, 200, 600, 950),
)
ABSENT = ResponseError(404, "", "http://control-center/api/person/u-1")


class Platform:
    """Answers of GET /api/person in order, the last one repeated; `runs`: the DAG runs that were
    started."""

    def __init__(self) -> None:
        self.answers: list[object] = []
        self.runs: list[object] = []

    def ask(self, installation: Installation, method: str, path: str) -> Any:
        assert (method, path) == ("GET", "/api/person/u-1")
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, PersonTrace)
        return answer.to_json()


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Platform:
    platform = Platform()

    class Airflow:
        def __init__(self, installation: Installation) -> None: ...

        def ask(self, method: str, path: str, body: object) -> Any:
            assert (method, path) == ("POST", "/dags/ingest_users/dagRuns")
            platform.runs.append(body)
            return {"dag_run_id": "run-1"}

    monkeypatch.setattr(first_person, "Airflow", Airflow)
    monkeypatch.setattr(first_person, "first_id", lambda installation, seed: "u-1")
    monkeypatch.setattr(control_center, "ask", platform.ask)
    return platform


def follow() -> PersonTrace:
    return first_person.follow(Installation("riada-unit", {}))


def test_a_person_that_arrived_before_starts_no_run(platform: Platform) -> None:
    platform.answers = [COMPLETE]
    assert follow() == COMPLETE
    assert platform.runs == []


def test_a_run_of_one_fetches_the_person(platform: Platform) -> None:
    platform.answers = [ABSENT, ABSENT, COMMITTED, READABLE, COMPLETE]
    assert follow() == COMPLETE
    [run] = platform.runs
    assert run == {
        "logical_date": None,
        "conf": {"seed": "first-person", "people": 1, "batch_size": 1},
    }


def test_a_stage_may_be_away_for_a_while(platform: Platform) -> None:
    away = NoResponseError("does not answer")
    busy = ResponseError(503, "", "http://control-center")
    platform.answers = [COMMITTED, away, busy, COMPLETE]
    assert follow() == COMPLETE


def test_an_error_of_the_control_center_ends_it(platform: Platform) -> None:
    platform.answers = [ResponseError(500, "", "http://control-center")]
    with pytest.raises(ResponseError):
        follow()


@pytest.mark.parametrize(
    ("answer", "place"),
    [(ABSENT, "not yet in PostgreSQL"), (COMMITTED, "in PostgreSQL, not yet in Cassandra")],
)
def test_after_its_limit_it_names_the_place(
    platform: Platform, clock: Clock, answer: object, place: str
) -> None:
    platform.answers = [answer]
    with pytest.raises(CliError, match=f"after 240 s the first person is {place}") as raised:
        follow()
    assert 235 < clock.now <= 240
    assert "make status" in raised.value.remedy


def test_the_trace_is_described_stage_by_stage() -> None:
    lines = first_person.describe(COMPLETE).splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["PostgreSQL", "Kafka", "Spark", "Cassandra"]
    assert "partition 3, offset 12  (+100 ms)" in lines[2]
    assert lines[-1].endswith("from commit to readable: 950 ms")


def test_a_trace_that_is_not_complete_cannot_be_described() -> None:
    with pytest.raises(ValueError, match="u-1 has not passed every stage"):
        first_person.describe(READABLE)
