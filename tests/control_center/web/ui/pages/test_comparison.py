"""A repair is confirmed with the number of rows that differ, if it is known."""

from __future__ import annotations

from control_center.web.ui.pages.comparison import repair_question, sentence


def test_the_question_says_that_the_number_is_unknown() -> None:
    question = repair_question("users", None)
    assert question.startswith("No comparison tells how many rows differ. ")
    assert "deletes the rows in Cassandra" in question


def test_no_comparison_yet() -> None:
    assert sentence(None) == "No comparison since the Control Center started."
