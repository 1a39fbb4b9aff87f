"""Requests for the pages of a source, and the answers."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.table.pagination import (
    Cursor,
    LinkHeader,
    NoPagination,
    PageNumber,
    Pagination,
    next_link,
)
from contract.table.secret_headers import headers, secrets
from contract.table.source import Source, Value
from contract.table.source_pages import Request, page, request

URL = "https://shop.example/v1/orders"


def source(pagination: Pagination, **fields: Any) -> Source:
    return Source(URL, "data.items", pagination, **fields)


def answer(items: list[Any], **meta: Any) -> bytes:
    return json.dumps({"data": {"items": items}, "meta": meta}).encode()


def test_the_parameters_of_a_request() -> None:
    asked = request(
        source(PageNumber("limit"), query={"deep": True, "state": "open"}), {"nat": "de"}, "3", 50
    )
    expected: dict[str, Value] = {
        "deep": "true",
        "state": "open",
        "nat": "de",
        "limit": 50,
        "page": "3",
    }
    assert asked == Request(URL, expected, "3")


def test_page_numbers_end_at_an_empty_page() -> None:
    numbered = source(PageNumber(parameter="p", first=0))
    first = request(numbered, {})
    assert first.query == {"p": "0"}
    result = page(numbered, first, answer([1, 2]))
    assert (result.items, result.cursor) == ([1, 2], "1")
    second = request(numbered, {}, "1")
    assert second.query == {"p": "1"}
    assert page(numbered, second, answer([])).cursor is None


def test_an_empty_page_of_an_endless_source_is_a_fault() -> None:
    endless = source(PageNumber(endless=True))
    with pytest.raises(ValueError, match=r"HTTP 200 with no items in `data\.items`"):
        page(endless, request(endless, {}), answer([]))


def test_a_cursor_goes_into_its_parameter() -> None:
    paged = source(Cursor(path="meta.next", parameter="after"))
    first = request(paged, {})
    assert first.query == {}
    result = page(paged, first, answer([1], next="abc=="))
    assert request(paged, {}, result.cursor or "").query == {"after": "abc=="}
    assert page(paged, first, answer([1], next=17)).cursor == "17"


@pytest.mark.parametrize("meta", [{}, {"next": None}, {"next": ""}])
def test_a_source_ends_without_a_cursor(meta: dict[str, Any]) -> None:
    paged = source(Cursor(path="meta.next", parameter="after"))
    assert page(paged, request(paged, {}), answer([1], **meta)).cursor is None


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("abc", "meta.next: has the cursor of the same page again"),
        (["abc"], "meta.next: is a list, not the cursor"),
        (True, "meta.next: is a boolean, not the cursor"),
    ],
)
def test_a_cursor_that_does_not_advance_is_a_fault(value: Any, error: str) -> None:
    paged = source(Cursor(path="meta.next", parameter="after"))
    with pytest.raises(ValueError, match=error):
        page(paged, request(paged, {}, "abc"), answer([1], next=value))


def test_a_cursor_without_a_parameter_is_the_next_url() -> None:
    paged = source(Cursor("limit", path="meta.next"), query={"state": "open"})
    first = request(paged, {"nat": "de"}, size=5)
    assert first.query == {"state": "open", "nat": "de", "limit": 5}
    result = page(paged, first, answer([1], next="?after=a"))
    assert result.cursor == f"{URL}?after=a"
    assert request(paged, {"nat": "de"}, result.cursor, 5) == Request(
        f"{URL}?after=a", {}, f"{URL}?after=a"
    )


def test_the_link_header_names_the_next_url() -> None:
    linked = source(LinkHeader())
    first = request(linked, {"nat": "de"})
    header = f'<{URL}?page=1>; rel="first", </v1/orders?page=2&a=b,c>; title="x, y"; rel="next"'
    result = page(linked, first, answer([1]), header)
    assert result.cursor == f"{URL}?page=2&a=b,c"
    second = request(linked, {"nat": "de"}, result.cursor)
    assert (second.url, second.query) == (f"{URL}?page=2&a=b,c", {})
    assert page(linked, second, answer([2]), f'<{URL}?page=1>; rel="first"').cursor is None
    with pytest.raises(ValueError, match="same page again"):
        page(linked, second, answer([2]), f"<{result.cursor}>; rel=next")


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("", None),
        ("<http://a/2>; rel=next", "http://a/2"),
        ('<http://a/2>;rel="last next"', "http://a/2"),
        ('<http://a/2> ; REL = "NEXT"', "http://a/2"),
        ('<http://a/2>; rel="nextish"', None),
        ('<http://a/1>; rel="prev", <http://a/3>; rel="next"', "http://a/3"),
    ],
)
def test_next_link(header: str, target: str | None) -> None:
    assert next_link(header) == target


@pytest.mark.parametrize(
    "target", ["https://other.example/v1", "//other.example/", "http://shop.example/v1/orders?2"]
)
def test_another_server_is_not_asked(target: str) -> None:
    linked = source(LinkHeader())
    with pytest.raises(ValueError, match="on another server"):
        page(linked, request(linked, {}), answer([1]), f'<{target}>; rel="next"')


def test_one_answer_without_pagination() -> None:
    single = Source(URL)
    result = page(single, request(single, {}), b"[0.1]")
    assert (result.items, result.cursor) == ([Decimal("0.1")], None)
    assert request(Source(URL, pagination=NoPagination("limit")), {}, size=9).query == {"limit": 9}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"data": {"items": [1', r"truncated JSON \(21 bytes\)"),
        (b"[" * 100_000, r"truncated JSON \(100000 bytes\)"),
        (b"[1]", "JSON without a list `data.items`, which is null"),
        (b'{"data": {"items": {"a": 1}}}', "JSON without a list `data.items`, which is an object"),
        (b'{"data": ["x"]}', "JSON without a list `data.items`, which is null"),
    ],
)
def test_an_answer_that_is_not_a_page(body: bytes, error: str) -> None:
    paged = source(NoPagination())
    with pytest.raises(ValueError, match=error) as caught:
        page(paged, request(paged, {}), body)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


SECRET = Source(URL, headers={"Authorization": "Bearer secret:shop", "Accept-Language": "en"})


def test_a_secret_comes_from_its_file_or_from_the_environment(tmp_path: Path) -> None:
    environ = {"SOURCE_SHOP": "from-environment"}
    assert headers(SECRET, tmp_path, environ)["Authorization"] == "Bearer from-environment"
    (tmp_path / "source-shop").write_text("from-file\n")
    assert headers(SECRET, tmp_path, environ) == {
        "Authorization": "Bearer from-file",
        "Accept-Language": "en",
    }
    assert secrets(SECRET) == ("source-shop",)


def test_the_secrets_of_the_platform_are_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "postgres-ingest").write_text("password")
    stolen = Source(URL, headers={"X-Key": "secret:postgres-ingest"})
    with pytest.raises(ValueError, match="the secret source-postgres-ingest is missing"):
        headers(stolen, tmp_path, {})


def test_an_unusable_secret_is_named_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "source-shop").write_text("top\nsecret")
    with pytest.raises(ValueError, match="the secret source-shop holds") as caught:
        headers(SECRET, tmp_path, {})
    assert "top" not in str(caught.value)
