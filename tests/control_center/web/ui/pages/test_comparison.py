"""The sentence about the newest comparison, and the question before a repair."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from control_center.web.ui.pages.comparison import repair_question, sentence
from tests.control_center.jobs.test_last_results import COMPARED, EQUAL, FAILED


def test_the_question_says_that_the_number_is_unknown() -> None:
    question = repair_question("users", None)
    assert question.startswith("No comparison tells how many rows differ. ")
    assert "deletes the rows in Cassandra" in question


def test_the_question_names_the_number_and_its_age() -> None:
    ago = datetime.now(UTC) - timedelta(minutes=3, seconds=5)
    result = replace(EQUAL, equal=False, differing=1234).to_json()
    job = replace(COMPARED, started_at=ago.isoformat(timespec="seconds"), result=result)
    assert repair_question("users", job).startswith("1,234 rows differed 3 min ago. ")


def test_no_comparison_yet() -> None:
    assert sentence(None) == "Not compared yet."


def test_a_comparison_has_its_age() -> None:
    ago = datetime.now(UTC) - timedelta(hours=2, seconds=5)
    job = replace(COMPARED, started_at=ago.isoformat(timespec="seconds"))
    assert sentence(job).endswith("(2 h ago): all three stores are equal in every field.")


def test_a_job_that_broke_names_its_cause() -> None:
    assert sentence(FAILED).startswith("The repair of 2026-11-27 02:00:00 UTC (")
    assert sentence(FAILED).endswith("failed: kafka-1: the cause")
