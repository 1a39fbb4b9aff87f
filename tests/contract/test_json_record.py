"""Requests and results keep their values through JSON, and a wrong field is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.health.diagnosis import Diagnosis
from contract.jobs.bench import (
    BenchNotMeasured,
    BenchRequest,
    BenchResult,
    Latency,
    StageRates,
    result_from_json,
)
from contract.jobs.compare import (
    CompareRequest,
    CompareResult,
    KeyDifference,
    OffsetGap,
    OffsetSummary,
    StoreSummary,
    UnaccountedOffset,
)
from contract.jobs.job import JobFailure, JobKind, JobState, JobStatus
from contract.jobs.rebuild import RebuildRequest, RebuildResult
from contract.jobs.repair import RepairRequest, RepairResult
from contract.jobs.smoke_test import Check, SmokeTestRequest, SmokeTestResult
from contract.json_record import JsonRecord
from contract.kafka.offsets import TopicOffset

KEY = KeyDifference(
    key="b25124b3-cd58-477d-8365-6a42f620507e",
    missing=("cassandra",),
    fields={"topic": ("city", "state")},
    outside_domain=("latitude",),
    newest_event=TopicOffset(0, 12),
    cassandra_event=None,
)
OFFSETS = OffsetSummary(9, 9, 7, 1, 2, 1, (OffsetGap(0, 3, 5),), (UnaccountedOffset(1, 4, "cut"),))
STORE = StoreSummary(3, "00ff")
FAILURE = Diagnosis("kafka", "kafka-1", "does not answer")
COMPARISON: dict[str, Any] = {
    "table": "orders",
    "ok": False,
    "equal": False,
    "postgres": STORE,
    "topic": STORE,
    "cassandra": STORE,
    "differing": 1,
    "keys": (KEY,),
    "expired_from_topic": 0,
    "offsets": OFFSETS,
    "took_s": 1.5,
}
TABLE: dict[str, Any] = {"table": "orders"}
RECORDS: list[JsonRecord] = [
    SmokeTestRequest("orders", rows=7, seed="abc", patience=2.0),
    SmokeTestResult(
        "orders",
        False,
        7,
        "abc",
        1.0,
        3.5,
        (Check("source", True, "7 rows", {"first": ["a"]}),),
        FAILURE,
    ),
    CompareRequest("orders"),
    CompareResult(**COMPARISON),
    RepairRequest("orders"),
    RepairResult(**COMPARISON, republished=2, erased=1, outside_domain=3),
    RebuildRequest(),
    RebuildResult(False, {"": 5}, {"shop": "does not answer"}, 12.5),
    BenchRequest("orders", rows=1000),
    BenchResult(
        "orders",
        1000,
        0,
        900,
        1.1,
        StageRates(1, 2, None, 4),
        Latency(30, 90, 20, 200),
        1000,
        9.0,
    ),
    BenchNotMeasured("orders", "kafka-1: does not answer", FAILURE),
    JobFailure("PostgreSQL: does not answer", ("Traceback", "last line")),
    JobStatus(
        "1a", JobKind.BENCH, "orders", JobState.RUNNING, "2026-11-22T12:00:00", 1.0, ("a",), 1, None
    ),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_from_json_unchanged(record: JsonRecord) -> None:
    text = json.dumps(record.to_json(), allow_nan=False)
    assert type(record).from_json(json.loads(text)) == record


def test_requests_take_their_defaults() -> None:
    assert SmokeTestRequest.from_json(TABLE) == SmokeTestRequest("orders", 5000, None, 1.0)
    assert BenchRequest.from_json(TABLE) == BenchRequest("orders", 150_000, 120_000, 60)


@pytest.mark.parametrize("kind", [SmokeTestRequest, BenchRequest, CompareRequest, RepairRequest])
def test_requests_name_their_table(kind: type[JsonRecord]) -> None:
    with pytest.raises(ValueError, match=rf"^{kind.__name__}: the field table is missing"):
        kind.from_json({})


def test_a_whole_number_is_accepted_where_a_fraction_is_expected() -> None:
    patience = SmokeTestRequest.from_json(TABLE | {"patience": 4}).patience
    assert (patience, type(patience)) == (4.0, float)


def test_fields_of_a_newer_writer_are_ignored() -> None:
    assert StoreSummary.from_json({"count": 1, "checksum": "0", "size": 9}) == StoreSummary(1, "0")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"count": 1}, "StoreSummary: the field checksum is missing"),
        ({"count": "1", "checksum": "0"}, "StoreSummary.count: str instead of"),
        ({"count": True, "checksum": "0"}, "StoreSummary.count: bool instead of"),
        ({"count": None, "checksum": "0"}, "StoreSummary.count: NoneType instead of"),
        ({"count": 1, "checksum": ["0"]}, "StoreSummary.checksum: list instead of"),
        ({"count": 1, "checksum": {}}, "StoreSummary.checksum: dict instead of"),
    ],
)
def test_a_wrong_field_is_named(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        StoreSummary.from_json(data)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("missing", ["kafka", 7], "KeyDifference.missing: int instead of"),
        ("missing", "kafka", "KeyDifference.missing: str instead of"),
        ("fields", {"topic": "city"}, "KeyDifference.fields: str instead of"),
        ("fields", ["topic"], "KeyDifference.fields: list instead of"),
        ("newest_event", "0/12", "KeyDifference.newest_event: str instead of"),
    ],
)
def test_a_wrong_field_is_named_inside_lists_and_mappings(
    field: str, value: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        KeyDifference.from_json(KEY.to_json() | {field: value})


@pytest.mark.parametrize("patience", ["4", True, None])
def test_only_a_number_is_accepted_where_a_fraction_is_expected(patience: Any) -> None:
    with pytest.raises(ValueError, match=r"^SmokeTestRequest\.patience: \w+ instead of"):
        SmokeTestRequest.from_json(TABLE | {"patience": patience})


def test_a_whole_number_stays_a_whole_number() -> None:
    assert type(StoreSummary.from_json({"count": 1, "checksum": "0"}).count) is int


def test_an_unknown_state_is_refused() -> None:
    status = RECORDS[-1].to_json() | {"state": "sleeping"}
    with pytest.raises(ValueError, match="sleeping"):
        JobStatus.from_json(status)


def test_bench_has_two_results() -> None:
    measured, refused = RECORDS[-4], RECORDS[-3]
    assert result_from_json(measured.to_json()) == measured
    assert result_from_json(refused.to_json()) == refused
