"""PostgreSQL: settings that capture needs, and rows that break today's constraints."""

from __future__ import annotations

from dataclasses import replace

from contract.health.details.postgres import PostgresDetails
from contract.health.state import ProbeState
from control_center.health.probes.postgres import evaluate

FINE = PostgresDetails(12_345, 3, "0/16B3748", "2026-11-22 12:00:00+00", 9, 100, "logical")


def test_the_number_of_people() -> None:
    result = evaluate(FINE)
    assert (result.state, result.summary) == (ProbeState.OK, "holds about 12,345 people")


def test_a_wal_level_that_does_not_allow_capture() -> None:
    result = evaluate(replace(FINE, wal_level="replica"))
    assert (result.state, result.component) == (ProbeState.FAIL, "postgres")


def test_rows_from_before_a_constraint_are_a_warning_with_a_remedy() -> None:
    result = evaluate(replace(FINE, violated="users_email_length"))
    assert result.state is ProbeState.WARN
    for words in ("users_email_length", "make compare", "public.validate_users()"):
        assert words in result.summary
