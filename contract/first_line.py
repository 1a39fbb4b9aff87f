"""The first line of an error, for texts of one line."""

from __future__ import annotations


def first_line(text: object) -> str:
    """The first line of a text, or of an error's text, that is not empty; "" without one."""
    return (str(text).strip().splitlines() or [""])[0]
