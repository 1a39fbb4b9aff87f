"""What may be typed, and what is refused before any engine sees it."""

from __future__ import annotations

import pytest

from control_center.web.api import inputs

ID = "89254969-771b-47a0-bfb6-345d262fbae9"


@pytest.mark.parametrize(
    "text", [ID, ID.upper(), "ana.perez@example.com", "o'neil+x@example.co.uk", "jürgen@example.de"]
)
def test_people_are_found_by_id_and_email(text: str) -> None:
    assert inputs.person(f" {text} ") == text


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
def test_all_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(inputs.UnfitError) as refused:
        inputs.person(text)
    assert str(refused.value) == "Give an id (a UUID) or an email address."


@pytest.mark.parametrize(("text", "number"), [("0", 0), (" 12 ", 12), ("", None), (None, None)])
def test_numbers(text: str | None, number: int | None) -> None:
    assert inputs.number(text, "offset") == number


@pytest.mark.parametrize(
    "text", ["-1", "1e9", "0x10", "1;2", "\N{ARABIC-INDIC DIGIT ONE}", "9" * 19]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(inputs.UnfitError):
        inputs.number(text, "offset")


def test_places() -> None:
    assert inputs.place("0:12") == (0, 12)
    for text in ("0", "0:", "a:b", "0:1:2", "-1:0"):
        with pytest.raises(inputs.UnfitError):
            inputs.place(text)
