"""What the probe says about the verification of each table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.health.details.verification import (
    DifferenceKind,
    RowDifference,
    TableVerification,
    VerificationDetails,
)
from contract.health.state import ProbeState
from control_center.health.probes import verification
from control_center.health.probes.verification import BEHIND_S, SILENT_S, evaluate, probe
from control_center.pipeline.verification_file import VerificationFiles
from tests.control_center.in_memory_clients import InMemoryClients

NOW = 1_795_788_200.0  # 2026-11-27 14:03:20 UTC
GOOD = TableVerification(at=NOW, began_at=NOW - 9000, through=NOW, pass_s=60.0, passed=0.5)


def summary(**known: TableVerification | None) -> tuple[ProbeState, str]:
    result = evaluate(0.15, known, NOW)
    return result.state, result.summary


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"users": GOOD}, "verified through 14:03:20"),
        ({"users": GOOD, "orders": replace(GOOD, through=NOW - 5)}, "verified through 14:03:15"),
        ({"users": replace(GOOD, through=NOW - 86400, pass_s=1e5)},
         "verified through 2026-11-26 14:03:20"),
        ({"users": None}, "verifies users for the first time, 0% read"),
        ({"users": replace(GOOD, through=None)}, "verifies users for the first time, 50% read"),
        ({"users": replace(GOOD, through=None), "orders": None},
         "verifies orders for the first time, 0% read; also 1 table"),
    ],
)  # fmt: skip
def test_without_a_fault_it_says_how_far_all_rows_are_verified(
    known: dict[str, TableVerification | None], expected: str
) -> None:
    assert summary(**known) == (ProbeState.OK, expected)


def test_a_difference_is_a_failure_with_table_key_field_and_kind() -> None:
    first = (
        RowDifference("7", DifferenceKind.FIELD, ("city", "state"), NOW),
        RowDifference("8", DifferenceKind.MISSING, (), NOW),
    )
    known = replace(GOOD, differences=1200, first=first)
    assert summary(users=known, orders=GOOD) == (
        ProbeState.FAIL,
        "users differs in Cassandra: row 7: field city, state; 1,199 more differ: make repair "
        "TABLE=users; 1 other table is equal",
    )


def test_skipped_offsets_are_named() -> None:
    gap = RowDifference("offset 5 of partition 0", DifferenceKind.SKIPPED, (), NOW)
    assert summary(users=replace(GOOD, differences=1, first=(gap,))) == (
        ProbeState.FAIL,
        "users differs in Cassandra: offset 5 of partition 0: skipped: make repair TABLE=users",
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"at": NOW - SILENT_S - 60, "error": "kafka-1: away"},
         "has not been verified for 4 minutes: kafka-1: away"),
        ({"through": NOW - BEHIND_S - 60, "in_flight": 3},
         "is verified 16 minutes behind: 3 rows have not arrived"),
        ({"through": NOW - BEHIND_S - 60},
         "is verified 16 minutes behind: raise VERIFICATION_PERCENT, or make logs "
         "S=control-center"),
        ({"through": None, "began_at": NOW - 1200, "error": "cassandra-1: away"},
         "is verified 20 minutes behind: cassandra-1: away"),
    ],
)  # fmt: skip
def test_a_verification_that_stands_still_is_a_warning(
    change: dict[str, Any], expected: str
) -> None:
    assert summary(users=replace(GOOD, **change)) == (ProbeState.WARN, f"users {expected}")


@pytest.mark.parametrize(
    "change",
    [
        {"through": NOW - BEHIND_S + 1},
        {"through": NOW - 3000, "pass_s": 1100.0},  # a large table
        {"through": None, "began_at": NOW - 90_000},
        {"error": "kafka-1: away"},
    ],
)
def test_some_delay_is_none(change: dict[str, Any]) -> None:
    assert summary(users=replace(GOOD, **change))[0] is ProbeState.OK


def test_it_reads_what_the_process_wrote(tmp_path: Path) -> None:
    clients = InMemoryClients(tmp_path)
    VerificationFiles(tmp_path).write("users", GOOD, {})
    details = probe(clients).details
    assert isinstance(details, VerificationDetails)
    assert details.tables == {"users": GOOD}
    assert details.share == 0.15
    assert details.through == NOW


def test_switched_off(tmp_path: Path) -> None:
    result = evaluate(0, {}, NOW)
    assert (result.state, result.summary) == (
        ProbeState.OK,
        "is switched off (VERIFICATION_PERCENT=0)",
    )


def test_without_tables() -> None:
    assert summary() == (ProbeState.OK, "no table is deployed: make deploy-dags")
    assert verification.summary_of({}, NOW) == ""
