"""make smoke-test: its request, its table, and its exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cli.clients import jobs, tables
from cli.commands import smoke_test
from cli.commands.smoke_test import Options
from cli.installations.local import Installation
from contract.health.diagnosis import Diagnosis
from contract.jobs.job import JobKind
from contract.jobs.smoke_test import Check, SmokeTestRequest, SmokeTestResult
from contract.jobs.tables import TableEntry
from contract.json_record import JsonRecord

Read = Callable[[Mapping[str, Any]], JsonRecord]

PASSED = SmokeTestResult(
    table="orders",
    ok=True,
    rows=5000,
    seed="a-seed",
    patience=1.0,
    took_s=12.5,
    checks=(Check("topic", True, "5,000 events"),),
)
FAILED = SmokeTestResult(
    table="orders",
    ok=False,
    rows=5000,
    seed="a-seed",
    patience=1.0,
    took_s=12.5,
    checks=(Check("topic", False, "none of 5,000 events"),),
    diagnosis=Diagnosis("kafka", "kafka-1", "does not answer"),
)


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch, installation: Installation) -> list[JsonRecord]:
    """The requests of jobs that were run; each passes."""
    requests: list[JsonRecord] = []

    def run(_: Installation, kind: JobKind, request: JsonRecord, read: Read) -> JsonRecord:
        assert kind is JobKind.SMOKE_TEST
        requests.append(request)
        return read(PASSED.to_json())

    orders = TableEntry("orders", "public", "orders", ("id",), (), True, (), {})
    monkeypatch.setattr(jobs, "run", run)
    monkeypatch.setattr(tables, "deployed", lambda installation: (orders,))
    return requests


def test_options_reach_the_job(requests: list[JsonRecord]) -> None:
    assert smoke_test.run(Options("orders", rows=7, seed="a-seed", patience=4)) == 0
    assert smoke_test.run(Options()) == 0
    assert requests == [
        SmokeTestRequest("orders", 7, "a-seed", 4.0),
        SmokeTestRequest("orders", 5000, None, 1.0),
    ]


def test_json_is_the_answer_of_the_control_center(
    requests: list[JsonRecord], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JSON", "1")
    smoke_test.run(Options("orders"))
    assert json.loads(capsys.readouterr().out) == PASSED.to_json()


def test_a_failure_names_stage_component_and_cause(
    requests: list[JsonRecord], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "run", lambda *arguments: arguments[-1](FAILED.to_json()))
    assert smoke_test.run(Options("orders")) == 1
    printed = capsys.readouterr().out
    assert "FAIL    topic  none of 5,000 events" in printed
    assert printed.endswith("failed at kafka: kafka-1: does not answer\n")


def test_a_table_whose_source_has_no_seed() -> None:
    passed = replace(PASSED, seed="")
    assert smoke_test.verdict(passed) == "5,000 rows of orders arrived in 12.5 s"
    assert "of seed a-seed" in smoke_test.verdict(PASSED)
