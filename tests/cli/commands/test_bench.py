"""make bench: its request, its report, and the notation of docker stats."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cli.clients import jobs, tables
from cli.commands import bench
from cli.commands.bench import Measured, Options
from cli.host.errors import CliError
from cli.installations.local import Installation
from contract.health.diagnosis import Diagnosis
from contract.jobs.bench import BenchNotMeasured, BenchRequest, BenchResult, Latency, StageRates
from contract.jobs.tables import TableEntry
from contract.json_record import JsonRecord

Read = Callable[[Mapping[str, Any]], JsonRecord]

RESULT = BenchResult(
    table="users",
    rows=120_000,
    warm_up_rows=150_000,
    rows_per_s=10_400,
    seconds=11.5,
    stages=StageRates(50_000, None, 30_000, 12_000),
    latency_ms=Latency(420, 1100, 12_000, 200),
    deleted=282_000,
    took_s=200.0,
)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "memory", lambda project: {"riada-kafka-1": 700.4, "riada-x": 1.2})


@pytest.fixture(autouse=True)
def deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One table with a source, and one without."""
    entries = [
        TableEntry(name, "public", name, ("id",), (), has_source, (), {})
        for name, has_source in (("notes", False), ("users", True))
    ]
    monkeypatch.setattr(tables, "deployed", lambda installation: tuple(entries))


@pytest.mark.usefixtures("memory")
def test_figures_and_memory_are_reported(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    requests: list[JsonRecord] = []

    def run(_: Installation, kind: object, request: JsonRecord, read: Read) -> JsonRecord:
        requests.append(request)
        return read(RESULT.to_json())

    monkeypatch.setattr(jobs, "run", run)
    monkeypatch.setenv("JSON", "1")
    assert bench.run(Options("users", rows=10, latency_s=5, warm_up_rows=0)) == 0
    assert requests == [BenchRequest("users", warm_up_rows=0, rows=10, latency_s=5)]
    printed = json.loads(capsys.readouterr().out)
    assert printed["rows_per_s"] == 10_400
    assert printed["memory_mib"] == 702
    assert printed["memory_mib_by_container"] == {"riada-kafka-1": 700.4, "riada-x": 1.2}


def test_an_unmeasured_stage_has_no_rate() -> None:
    printed = bench.report(Measured(RESULT, {"riada-kafka-1": 701.6}))
    assert "slot decode         -" in printed
    assert "10,400 rows/s from PostgreSQL to Cassandra" in printed
    assert "p50 420 ms, p99 1,100 ms (12000 samples)" in printed
    assert "memory of all containers: 702 MiB" in printed


def test_a_platform_that_does_not_work_is_an_error(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = BenchNotMeasured(
        "users", "kafka-1: does not answer", Diagnosis("kafka", "kafka-1", "does not answer")
    )
    monkeypatch.setattr(jobs, "run", lambda *arguments: arguments[-1](failure.to_json()))
    with pytest.raises(CliError, match="the bench did not measure: kafka-1: does not answer"):
        bench.run(Options("users"))


@pytest.mark.parametrize(
    ("text", "mib"), [("1.5GiB", 1536.0), ("700MiB", 700.0), ("512KiB", 0.5), ("0B", 0.0)]
)
def test_memory_is_in_mib(text: str, mib: float) -> None:
    assert bench.mib(text) == mib


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(CliError, match=r"docker: unknown form of memory in docker stats: 1\.5TB"):
        bench.mib("1.5TB")


@pytest.mark.usefixtures("memory")
def test_without_table_those_with_a_source_are_measured(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured: list[str] = []

    def run(_: Installation, kind: object, request: BenchRequest, read: Read) -> JsonRecord:
        measured.append(request.table)
        return read(RESULT.to_json())

    monkeypatch.setattr(jobs, "run", run)
    assert bench.run(Options()) == 0
    assert measured == ["users"]
    assert "users  ok      10,400 rows/s; p99 1,100 ms at 200 rows/s" in capsys.readouterr().out
