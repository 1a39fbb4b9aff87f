"""The difference of two schemas."""

from __future__ import annotations

from control_center.pipeline.schemas import difference


def test_what_was_added_and_taken_away() -> None:
    assert difference("a\nb\nc", "a\nx\nc") == "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c"


def test_no_difference() -> None:
    assert difference("a", "a") == ""
