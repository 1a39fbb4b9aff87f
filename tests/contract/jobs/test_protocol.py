"""A line that a job prints is read as what it was."""

from __future__ import annotations

from uuid import UUID

import pytest

from contract.jobs.protocol import Error, Line, Progress, Result, from_line


@pytest.mark.parametrize(
    "line", [Progress("topic: 3 read"), Result({"ok": True}), Error("kafka-1: gone")]
)
def test_a_line_is_read_as_it_was_printed(line: Line) -> None:
    text = line.to_line()
    assert "\n" not in text
    assert from_line(text + "\n") == line


@pytest.mark.parametrize(
    "text", ["", "a library's warning", "7", "{}", '{"progress": 1}', '{"result": "ok"}']
)
def test_other_lines_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_line(text)


def test_a_result_may_hold_values_that_json_does_not_have() -> None:
    key = "b25124b3-cd58-477d-8365-6a42f620507e"
    assert from_line(Result({"id": UUID(key)}).to_line()) == Result({"id": key})


def test_a_refused_line_is_quoted_in_part() -> None:
    """A library may print a page."""
    text = '"' + "x" * 200 + '"'
    with pytest.raises(ValueError, match=f"^not a line of a job: {text[:80]}$"):
        from_line(f" {text}\n")
