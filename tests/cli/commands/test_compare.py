"""make compare and make repair: what they print, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cli.clients import jobs, tables
from cli.clients.tables import TableOptions
from cli.commands import compare, repair
from cli.host.errors import CliError, SettingError
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
from contract.jobs.tables import TableEntry
from contract.json_record import JsonRecord
from tests.cli.server import Answer, JsonServer

Read = Callable[[Mapping[str, Any]], JsonRecord]

SAME = StoreSummary(1234, "c0ffee")
OFFSETS = OffsetSummary(
    expected=1300, read=1300, events=1299, dead_letters=1, undecodable=1, unaccounted=0
)
EQUAL = CompareResult(
    table="orders",
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


ORDERS = TableOptions("orders")


def entry(name: str, has_source: bool = False) -> dict[str, Any]:
    return TableEntry(name, "public", name, ("id",), (), has_source, (), {}).to_json()


@pytest.fixture
def results(
    monkeypatch: pytest.MonkeyPatch, server: JsonServer, installation: Installation
) -> dict[JobKind, object]:
    """The result of each job, of whatever table; an error is raised."""
    results: dict[JobKind, Any] = {}
    deployed = [entry("notes"), entry("orders"), entry("users", has_source=True)]
    server.answers["GET /api/tables"] = [Answer({"tables": deployed})]

    def run(_: Installation, kind: JobKind, request: Any, read: Read) -> JsonRecord:
        result = results[kind]
        if isinstance(result, dict):
            result = result[request.table]
        if isinstance(result, Exception):
            raise result
        return read(result.to_json() | {"table": request.table})

    monkeypatch.setattr(jobs, "run", run)
    return results


def test_equal_stores_end_with_0(
    results: dict[JobKind, object], capsys: pytest.CaptureFixture[str]
) -> None:
    results[JobKind.COMPARE] = EQUAL
    assert compare.run(ORDERS) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["postgres", "1,234", "c0ffee"]
    assert lines[-1] == "equal in every field; 1,299 events, 1 dead letters"


def test_differences_end_with_1_and_are_named(
    results: dict[JobKind, object], capsys: pytest.CaptureFixture[str]
) -> None:
    results[JobKind.COMPARE] = DIFFERENT
    assert compare.run(ORDERS) == 1
    printed = capsys.readouterr().out
    expected = "not in topic; cassandra has another city, email; correct gender in PostgreSQL"
    assert f"u-1  {expected}" in printed
    assert printed.endswith("3 keys differ (2 are not shown): make repair TABLE=orders\n")


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
    assert repair.run(ORDERS) == 0
    assert capsys.readouterr().out.endswith("republished: 1,200, erased: 1\n")


def test_repair_names_rows_that_have_to_be_corrected() -> None:
    fields = {name: getattr(DIFFERENT, name) for name in DIFFERENT.__dataclass_fields__}
    printed = repair.report(RepairResult(**fields, outside_domain=2))
    assert printed.endswith("outside the columns' domain: 2 (correct them)")


# --- all tables -----------------------------------------------------------------------------------


def test_without_table_each_is_compared_those_with_a_source_first(
    results: dict[JobKind, object], capsys: pytest.CaptureFixture[str]
) -> None:
    results[JobKind.COMPARE] = EQUAL
    assert compare.run(TableOptions()) == 0
    printed = capsys.readouterr().out
    order = [line for line in printed.splitlines() if line in ("users", "notes", "orders")]
    assert order == ["users", "notes", "orders"]
    summary = printed.split("table   result  summary\n")[1].splitlines()[1:]
    assert [line.split()[:2] for line in summary] == [
        ["users", "ok"],
        ["notes", "ok"],
        ["orders", "ok"],
    ]


def test_one_table_that_differs_ends_with_1(
    results: dict[JobKind, object], capsys: pytest.CaptureFixture[str]
) -> None:
    results[JobKind.COMPARE] = {"users": EQUAL, "notes": DIFFERENT, "orders": EQUAL}
    assert compare.run(TableOptions()) == 1
    assert "notes   FAIL    3 keys differ (2 are not shown): make repair TABLE=notes" in (
        capsys.readouterr().out
    )


def test_a_job_that_breaks_does_not_end_the_others(
    results: dict[JobKind, object],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = CliError("does not answer", "make status", "cassandra-1")
    results[JobKind.COMPARE] = {"users": broken, "notes": EQUAL, "orders": EQUAL}
    monkeypatch.setenv("JSON", "1")
    assert compare.run(TableOptions()) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["ok"] is False
    assert {name: table["ok"] for name, table in printed["tables"].items()} == {
        "users": False,
        "notes": True,
        "orders": True,
    }
    assert printed["tables"]["users"]["error"] == "cassandra-1: does not answer"


def test_a_job_that_runs_already_ends_the_command(results: dict[JobKind, object]) -> None:
    results[JobKind.COMPARE] = jobs.BusyError("another job runs")
    with pytest.raises(jobs.BusyError):
        compare.run(TableOptions())


def test_an_unknown_table_is_refused_with_the_known_ones(
    results: dict[JobKind, object],
) -> None:
    with pytest.raises(SettingError, match="no deployed table is named order") as raised:
        repair.run(TableOptions("order"))
    assert raised.value.remedy == "the tables are notes, orders, users"


def test_before_the_first_deploy_there_is_none(
    results: dict[JobKind, object], server: JsonServer, installation: Installation
) -> None:
    server.answers["GET /api/tables"] = [Answer({"tables": []})]
    with pytest.raises(CliError, match="no table is deployed"):
        tables.chosen(installation, "")
