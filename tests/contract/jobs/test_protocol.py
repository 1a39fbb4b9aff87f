"""A line that a job prints is read as what it was."""

from __future__ import annotations

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
