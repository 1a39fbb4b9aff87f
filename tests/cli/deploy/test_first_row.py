"""The first row is followed until Cassandra has it, and its batch is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cli.clients import control_center, tables
from cli.clients.http import NoResponseError, ResponseError
from cli.deploy import first_row
from cli.host.errors import CliError
from cli.installations.local import Installation
from contract.jobs.tables import TableEntry
from contract.stream.trace import (
    Batch,
    Commit,
    RowTrace,
    StageMilliseconds,
    TopicEvent,
    Write,
)
from tests.cli.clock import Clock

COMMITTED = RowTrace(
    "events",
    "a/1",
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
ABSENT = ResponseError(404, "", "http://control-center/api/tables/events/rows/a%2F1")
NONE: dict[str, list[object]] = {"messages": []}
SOME = {"messages": [{"key": "b/2"}, {"key": "a/1"}, {"key": None}]}


def entry(name: str, has_source: bool) -> TableEntry:
    return TableEntry(name, "public", name, ("id",), (), has_source, (), {})


class Platform:
    """Answers in order, the last one repeated: `messages` of the topic, and `rows` for their
    traces. `runs`: the DAG runs that were started."""

    def __init__(self) -> None:
        self.tables: tuple[TableEntry, ...] = (
            entry("aaa", False),
            entry("events", True),
            entry("users", True),
        )
        self.messages: list[object] = [SOME]
        self.rows: list[object] = [COMPLETE]
        self.runs: list[tuple[str, object]] = []

    def ask(self, installation: Installation, method: str, path: str) -> Any:
        answers = {
            "/api/tables/events/messages?limit=20": self.messages,
            "/api/tables/events/rows/a%2F1": self.rows,
        }[path]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer.to_json() if isinstance(answer, RowTrace) else answer


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Platform:
    platform = Platform()

    class Airflow:
        def __init__(self, installation: Installation) -> None: ...

        def ask(self, method: str, path: str, body: object) -> Any:
            assert method == "POST"
            platform.runs.append((path, body))
            return {"dag_run_id": "run-1"}

    monkeypatch.setattr(first_row, "Airflow", Airflow)
    monkeypatch.setattr(tables, "deployed", lambda installation: platform.tables)
    monkeypatch.setattr(control_center, "ask", platform.ask)
    return platform


def follow(table: str = "") -> RowTrace | None:
    return first_row.follow(Installation("riada-unit", {}), table)


def test_a_row_that_arrived_before_starts_no_run(platform: Platform) -> None:
    assert follow() == COMPLETE
    assert platform.runs == []


def test_a_run_of_one_fetches_a_row(platform: Platform) -> None:
    platform.messages = [NONE, NONE, SOME]
    platform.rows = [COMMITTED, READABLE, COMPLETE]
    assert follow() == COMPLETE
    assert platform.runs == [
        ("/dags/ingest_events/dagRuns", {"logical_date": None, "conf": {"count": 1}})
    ]


def test_a_table_without_a_source_is_followed_without_a_run(platform: Platform) -> None:
    platform.tables = (entry("events", False),)
    platform.messages = [NONE, SOME]
    assert follow("events") == COMPLETE
    assert platform.runs == []


def test_without_any_source_there_is_no_first_row(platform: Platform) -> None:
    platform.tables = (entry("events", False),)
    assert follow() is None


def test_another_row_is_followed_after_a_deleted_one(platform: Platform) -> None:
    platform.rows = [ABSENT, COMPLETE]
    platform.messages = [{"messages": [{"key": "a/1"}]}, SOME]
    assert follow() == COMPLETE
    assert len(platform.messages) == 1


def test_a_stage_may_be_away_for_a_while(platform: Platform) -> None:
    away = NoResponseError("does not answer")
    busy = ResponseError(503, "", "http://control-center")
    platform.messages = [SOME, busy, SOME]
    platform.rows = [away, busy, COMMITTED, COMPLETE]
    assert follow() == COMPLETE


def test_an_error_of_the_control_center_ends_it(platform: Platform) -> None:
    platform.rows = [ResponseError(500, "", "http://control-center")]
    with pytest.raises(ResponseError):
        follow()


@pytest.mark.parametrize(
    ("messages", "place"),
    [(NONE, "not yet on the topic"), (SOME, "on the topic, not yet in Cassandra")],
)
def test_after_its_limit_it_names_the_place(
    platform: Platform, clock: Clock, messages: object, place: str
) -> None:
    platform.messages, platform.rows = [messages], [COMMITTED]
    with pytest.raises(CliError, match=f"after 240 s the first row of events is {place}") as raised:
        follow()
    assert 235 < clock.now <= 240
    assert "make status" in raised.value.remedy


def test_the_trace_is_described_stage_by_stage() -> None:
    lines = first_row.describe(COMPLETE).splitlines()
    assert lines[0] == "events a/1"
    assert [line.split()[0] for line in lines[1:5]] == ["PostgreSQL", "Kafka", "Spark", "Cassandra"]
    assert "partition 3, offset 12  (+100 ms)" in lines[2]
    assert lines[-1].endswith("from commit to readable: 950 ms")


def test_a_trace_that_is_not_complete_cannot_be_described() -> None:
    with pytest.raises(ValueError, match="a/1 has not passed every stage"):
        first_row.describe(READABLE)
