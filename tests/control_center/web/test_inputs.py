"""Valid input is accepted, and other input is refused before any component sees it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from contract.errors import InvalidInputError
from contract.table.table import Table
from control_center.web import inputs
from tests.control_center.health.tables import ORDERS, USERS

DEAD_LETTER: TypeAdapter[tuple[int, int]] = TypeAdapter(inputs.DeadLetterPlace)


@pytest.mark.parametrize(
    "text", ["1", "a/b", "100 %", "' OR '1'='1", '["shop","größe"]', "日本", "x" * 4096]
)
def test_a_key_may_have_any_characters(text: str) -> None:
    assert inputs.row_key(text) == text


@pytest.mark.parametrize("text", ["", "x" * 4097])
def test_a_key_without_characters_or_with_too_many_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        inputs.row_key(text)
    assert refused.value.cause == "give a key of 1 to 4096 characters"


def test_a_key_has_one_form() -> None:
    key = "89254969-771b-47a0-bfb6-345d262fbae9"
    assert inputs.exact_key(USERS, key.upper()) == key
    assert inputs.exact_key(ORDERS, '[ "a/b", 7 ]') == '["a/b",7]'


@pytest.mark.parametrize(
    ("table", "text", "cause"),
    [
        (USERS, "ana@example.com", "key: id is not a value of uuid"),
        (ORDERS, "7", "key: the key is a JSON array with the values of tenant, number"),
        (ORDERS, '["a"]', "key: the key is a JSON array with the values of tenant, number"),
        (ORDERS, '["a","<script>"]', "key: number is not a value of int4"),
    ],
)
def test_what_is_not_a_key_is_refused_without_being_repeated(
    table: Table, text: str, cause: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        inputs.exact_key(table, text)
    assert refused.value.cause == cause


def test_a_position_is_read_as_it_is_written() -> None:
    position = {2: 0, 0: 500, 1: 10**17}
    assert inputs.position_text(position) == f"0:500,1:{10**17},2:0"
    assert inputs.positions(inputs.position_text(position)) == position
    assert inputs.positions("") is None


@pytest.mark.parametrize("text", ["5", "0:", "0:1,", "0:-1", "0:1,0:2", "a:1", "0:1;1:2", "٣:1"])
def test_a_wrong_position_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="such as 0:500,1:700"):
        inputs.positions(text)


def test_a_text_to_search() -> None:
    assert inputs.search_text("  León ") == "León"
    with pytest.raises(InvalidInputError, match="at most 200 characters"):
        inputs.search_text("x" * 201)


def test_the_parameters_of_a_query() -> None:
    assert inputs.query_parameters([("city", "León"), ("x", "")]) == {"city": "León", "x": ""}
    for wrong in ([("a", "1"), ("a", "2")], [("a", "x" * 1025)]):
        with pytest.raises(InvalidInputError):
            inputs.query_parameters(wrong)


@pytest.mark.parametrize(
    ("value", "number"), [("0", 0), (" 12 ", 12), ("", None), (None, None), (12.0, 12)]
)
def test_whole_numbers(value: str | float | None, number: int | None) -> None:
    assert inputs.whole_number(value, "offset") == number


@pytest.mark.parametrize(
    "text", ["-1", "1e9", "0x10", "1;2", "\N{ARABIC-INDIC DIGIT ONE}", "9" * 19]
)
def test_other_numbers_are_refused_with_the_name_of_the_field(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        inputs.whole_number(text, "offset")
    assert refused.value.cause == "offset: give a whole number of at least 0"


def test_places_of_dead_letters() -> None:
    assert DEAD_LETTER.validate_python("0:12") == (0, 12)
    for text in ("0", "0:", "a:b", "0:1:2", "-1:0", "\N{ARABIC-INDIC DIGIT ONE}:0"):
        with pytest.raises(ValidationError):
            DEAD_LETTER.validate_python(text)
