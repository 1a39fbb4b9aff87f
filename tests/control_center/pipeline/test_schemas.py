"""Versions of a schema, their differences, and texts that are not schemas."""

from __future__ import annotations

import pytest

from control_center.pipeline.schemas import LONGEST, difference, history, parsed


def test_the_difference_has_added_and_removed_lines() -> None:
    assert difference("a\nb\nc", "a\nx\nc") == "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c"


def test_no_difference() -> None:
    assert difference("a", "a") == ""


def test_versions_are_newest_first_with_their_differences() -> None:
    first = {"version": 1, "id": 7, "schema": '{"type":"string"}'}
    second = {"version": 2, "id": 9, "schema": '{"type":"int"}'}
    newest, oldest = history([first, second])
    assert (newest.version, newest.id, oldest.version, oldest.id) == (2, 9, 1, 7)
    assert oldest.difference == ""
    assert '-  "type": "string"' in newest.difference
    assert '+  "type": "int"' in newest.difference
    assert newest.schema == '{\n  "type": "int"\n}'
    assert history([]) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ('{"type": "no such type"}', "not an Avro schema"),
        ('"string"' + " " * LONGEST, "at most 100,000 characters"),
    ],
)
def test_a_text_that_is_not_a_schema(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parsed(text)


def test_a_schema_is_parsed() -> None:
    assert parsed('"string"') == "string"
