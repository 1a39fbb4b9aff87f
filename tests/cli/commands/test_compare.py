"""make compare and make repair: what they print, and their exit codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cli.clients import jobs
from cli.commands import compare, repair
from cli.host.options import NoOptions
from cli.installations.local import Installation
from contract.jobs.compare import (
    CompareResult,
    KeyDifference,
    OffsetGap,
    OffsetSummary,
    StoreSummary,
)
from contract.jobs.job import JobKind
from contract.jobs.repair import RepairResult
from contract.json_record import JsonRecord

Read = Callable[[Mapping[str, Any]], JsonRecord]

SAME = StoreSummary(1234, "c0ffee")
OFFSETS = OffsetSummary(
    expected=1300, read=1300, events=1299, dead_letters=1, undecodable=1, unaccounted=0
)
EQUAL = CompareResult(
    ok=True,
    equal=True,
    postgres=SAME,
    topic=SAME,
    cassandra=SAME,
    differing=0,
    keys=(),
    expired_from_topic=0,
    offsets=OFFSETS,
    took_s=1.5,
)
KEY = KeyDifference(
    "u-1", ("topic",), {"cassandra": ("city", "email"), "topic": ()}, outside_domain=("gender",)
)
DIFFERENT = replace(EQUAL, ok=False, equal=False, differing=3, keys=(KEY,))


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch, installation: Installation) -> dict[JobKind, object]:
    """The result of each job."""
    results: dict[JobKind, JsonRecord] = {}

    def run(_: Installation, kind: JobKind, request: JsonRecord, read: Read) -> JsonRecord:
        return read(results[kind].to_json())

    monkeypatch.setattr(jobs, "run", run)
    return results  # type: ignore[return-value]


def test_equal_stores_end_with_0(
    results: dict[JobKind, object], capsys: pytest.CaptureFixture[str]
) -> None:
    results[JobKind.COMPARE] = EQUAL
    assert compare.run(NoOptions()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["postgres", "1,234", "c0ffee"]
    assert lines[-1] == "equal in every field; 1,299 events, 1 dead letters"


def test_differences_end_with_1_and_are_named(
    results: dict[JobKind, object], capsys: pytest.CaptureFixture[str]
) -> None:
    results[JobKind.COMPARE] = DIFFERENT
    assert compare.run(NoOptions()) == 1
    printed = capsys.readouterr().out
    expected = "not in topic; cassandra has another city, email; correct gender in PostgreSQL"
    assert f"u-1  {expected}" in printed
    assert printed.endswith("3 keys differ (2 are not shown): make repair\n")


def test_gaps_are_printed() -> None:
    gaps = replace(EQUAL, offsets=replace(OFFSETS, gaps=(OffsetGap(2, 10, 20),)))
    expected = "partition 2: offsets 10 to 19 are in no batch of spark-driver"
    assert expected in compare.report(gaps)


def test_lost_messages_are_counted() -> None:
    lost = replace(EQUAL, ok=False, offsets=replace(OFFSETS, read=1298, unaccounted=2))
    expected = "1,298 of 1,300 messages read, 2 neither in Cassandra nor a dead letter"
    assert compare.verdict(lost) == expected


def test_repair_prints_what_it_did(
    results: dict[JobKind, object], capsys: pytest.CaptureFixture[str]
) -> None:
    fields = {name: getattr(EQUAL, name) for name in EQUAL.__dataclass_fields__}
    results[JobKind.REPAIR] = RepairResult(**fields, republished=1200, erased=1)
    assert repair.run(NoOptions()) == 0
    assert capsys.readouterr().out.endswith("republished: 1,200, erased: 1\n")


def test_repair_names_people_that_have_to_be_corrected() -> None:
    fields = {name: getattr(DIFFERENT, name) for name in DIFFERENT.__dataclass_fields__}
    printed = repair.report(RepairResult(**fields, outside_domain=2))
    assert printed.endswith("outside the columns' domain: 2 (correct them)")
