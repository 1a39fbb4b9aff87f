"""The file of a table whose rows a JSON API has: columns, key, pages and source."""

from __future__ import annotations

from typing import Any

import pytest

from contract.errors import InvalidInputError
from contract.table import file
from contract.table.pagination import Cursor, LinkHeader, NoPagination, PageNumber, Pagination
from contract.table.table import Table
from control_center.tables.fetch import ApiAnswer
from control_center.tables.from_api import describe
from control_center.tables.values import type_of

ITEMS: list[dict[str, Any]] = [
    {
        "id": 17,
        "at": "2026-01-01T00:00:00.000Z",
        "kind": "click",
        "user": {"emailAddress": "a@b.example", "location": {"city": "Lima"}},
        "price": 1,
        "tags": ["x"],
        "ref": "0b1f6f2e-4c0e-4f5a-9a65-3d5e2e0f7a11",
        "note": None,
    },
    {
        "id": 18,
        "at": "2026-01-01T00:00:01+02:00",
        "kind": "view",
        "user": {"emailAddress": "c@d.example", "location": None},
        "price": 1.5,
        "tags": [],
        "ref": "0b1f6f2e-4c0e-4f5a-9a65-3d5e2e0f7a12",
    },
]


def described(
    content: Any, url: str = "https://api.example/v1/events", link: str = ""
) -> tuple[Table, str]:
    """The table that the file describes, and the notes."""
    result = describe("events", url, ApiAnswer(content, link))
    assert result.file == "events.toml"
    return file.read("events", result.text), "\n".join(result.notes)


def test_columns_have_the_types_of_their_values() -> None:
    table, notes = described({"data": {"items": ITEMS}})
    columns = {column.name: (column.kind, column.nullable, column.path) for column in table.columns}
    assert {name: values[1:] for name, values in columns.items()} == {
        "id": (False, ""),
        "at": (False, ""),
        "kind": (False, ""),
        "user_email_address": (False, "user.emailAddress"),
        "user_location_city": (True, "user.location.city"),
        "price": (False, ""),
        "tags": (False, ""),
        "ref": (False, ""),
        "note": (True, ""),
    }
    assert table.source is not None
    assert (table.source.items, table.partition) == ("data.items", ("id",))
    assert "user_email_address" in table.personal
    assert "derived from 2 items at data.items" in notes
    assert "always null in this answer, so their type is a guess: note" in notes


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([True, None], "bool"),
        ([1, -5], "int8"),
        ([1, 2**70], "float8"),
        ([1, 1.5], "float8"),
        (["a", "b" * 64], "varchar(255)"),
        (["b" * 65], "text"),
        (["2026-01-01T10:00:00Z", "2026-01-01 10:00:00.123+02:00"], "timestamptz(3)"),
        (["2026-01-01", "2026-12-31"], "date"),
        (["2026-01-01", "soon"], "varchar(255)"),
        (["0B1F6F2E-4C0E-4F5A-9A65-3D5E2E0F7A11"], "uuid"),
        ([1, "a"], "text"),
        ([True, 1], "text"),
        ([[1], None], "jsonb"),
        ([{}], "jsonb"),
        ([None], "text"),
        ([], "text"),
    ],
)
def test_a_type_takes_every_value(values: list[Any], expected: str) -> None:
    assert type_of(values) == expected


@pytest.mark.parametrize(
    ("items", "key"),
    [
        ([{"n": 1, "order_id": 5}, {"n": 2, "order_id": 6}], "order_id"),
        ([{"name": "a", "uuid": "x"}, {"name": "b", "uuid": "y"}], "uuid"),
        ([{"id": 1, "number": 5}, {"id": 1, "number": 6}], "number"),
        ([{"id": None, "code": "a"}, {"id": 2, "code": "b"}], "code"),
    ],
)
def test_the_key_is_unique(items: list[dict[str, Any]], key: str) -> None:
    assert described(items)[0].partition == (key,)


@pytest.mark.parametrize(
    ("content", "url", "link", "expected"),
    [
        (ITEMS, "https://a.example/e?limit=2", "", NoPagination("limit")),
        (ITEMS, "https://a.example/e?per_page=2&page=1", "", PageNumber("per_page")),
        (ITEMS, "https://a.example/e", '<https://a.example/e?p=2>; rel="next"', LinkHeader()),
        (
            {"meta": {"next_cursor": "t"}, "items": ITEMS},
            "https://a.example/e?limit=2",
            "",
            Cursor("limit", path="meta.next_cursor", parameter="cursor"),
        ),
        (
            {"next": "https://a.example/e?c=2", "results": ITEMS},
            "https://a.example/e",
            "",
            Cursor(path="next"),
        ),
        (
            {"nextPageToken": "t", "results": ITEMS},
            "https://a.example/e",
            "",
            Cursor(path="nextPageToken", parameter="pageToken"),
        ),
        ({"total_pages": 3, "items": ITEMS}, "https://a.example/e", "", PageNumber()),
    ],
)
def test_pages_are_recognised(content: Any, url: str, link: str, expected: Pagination) -> None:
    table, _ = described(content, url, link)
    assert table.source is not None
    assert table.source.pagination == expected


def test_other_parameters_stay_in_the_query() -> None:
    table, _ = described(ITEMS, "https://a.example/e?kind=click&limit=2")
    assert table.source is not None
    assert (table.source.url, dict(table.source.query)) == (
        "https://a.example/e",
        {"kind": "click"},
    )


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ({"a": 1}, "no list of objects"),
        ([], "no list of objects"),
        ("text", "no list of objects"),
        ([{"a": 1}, {"a": 1}], "identifies each of them"),
    ],
)
def test_an_answer_that_cannot_be_used(content: Any, cause: str) -> None:
    with pytest.raises(InvalidInputError, match=cause):
        described(content)


def test_a_name_must_be_one_of_a_file() -> None:
    with pytest.raises(InvalidInputError, match="begins with a letter"):
        describe("Events", "https://a.example", ApiAnswer(ITEMS))
