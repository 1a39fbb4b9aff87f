"""The first line of an error."""

from __future__ import annotations

from contract.first_line import first_line


def test_later_lines_and_spaces_are_left_out() -> None:
    assert first_line(ValueError("\n refused: the row\n  DETAIL: its values")) == "refused: the row"


def test_an_error_without_text() -> None:
    assert first_line(ValueError()) == ""
