"""The last result of each kind and table outlives the process; a file at fault is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contract.jobs.compare import CompareResult, OffsetSummary, StoreSummary
from contract.jobs.job import JobKind, JobState, JobStatus
from control_center.jobs.last_results import LastResults

STORE = StoreSummary(3, "0" * 32)
EQUAL = CompareResult(
    "users", True, True, STORE, STORE, STORE, 0, (), 0, OffsetSummary(3, 3, 3, 0, 0, 0), 1.5
)
COMPARED = JobStatus(
    id="786385cb90d1",
    kind=JobKind.COMPARE,
    table="users",
    state=JobState.DONE,
    started_at="2026-11-27T01:00:00+00:00",
    elapsed_s=1.5,
    progress=("[   0.1 s] begins",),
    next=1,
    result=EQUAL.to_json(),
)
FAILED = replace(
    COMPARED,
    kind=JobKind.REPAIR,
    state=JobState.FAILED,
    started_at="2026-11-27T02:00:00+00:00",
    result={"error": "kafka-1: the cause", "trace": [], "ok": False},
)


def test_a_new_process_knows_the_last_result_of_each_kind_and_table(tmp_path: Path) -> None:
    results = LastResults(tmp_path / "results")
    for status in (COMPARED, replace(COMPARED, id="newer"), replace(COMPARED, table="orders")):
        results.add(status)
    results.add(FAILED)
    restarted = LastResults(tmp_path / "results")
    both = (JobKind.COMPARE, JobKind.REPAIR)
    assert restarted.newest(JobKind.COMPARE, table="users") == replace(COMPARED, id="newer")
    assert restarted.newest(*both, table="users") == FAILED
    assert restarted.newest(*both, table="orders") == replace(COMPARED, table="orders")
    assert restarted.newest(*both) == FAILED
    assert restarted.newest(JobKind.BENCH) is None
    assert sorted(path.name for path in (tmp_path / "results").rglob("*.*")) == [
        "orders.json",
        "users.json",
        "users.json",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"id": "786',
        "[]",
        "{}",
        json.dumps(COMPARED.to_json() | {"table": "orders"}),
        json.dumps(COMPARED.to_json() | {"result": None}),
        json.dumps(COMPARED.to_json() | {"result": {"equal": True}}),
        json.dumps(COMPARED.to_json() | {"kind": "unknown"}),
        "\udcff",
    ],
)
def test_a_file_that_cannot_be_read_counts_as_none_and_is_named(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "compare" / "users.json"
    file.parent.mkdir()
    file.write_bytes(text.encode(errors="surrogateescape"))
    results = LastResults(tmp_path)
    assert results.newest(JobKind.COMPARE) is None
    assert f"control-center: cannot use {file} (" in capsys.readouterr().err
    results.add(COMPARED)
    assert LastResults(tmp_path).newest(JobKind.COMPARE) == COMPARED


def test_a_volume_that_cannot_be_written_does_not_stop_a_job(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    results = LastResults(tmp_path / "file" / "results")
    results.add(COMPARED)
    assert results.newest(JobKind.COMPARE) == COMPARED
    assert "a restart will forget this result" in capsys.readouterr().err
