"""The request for a page of a source, and its answer → items.

Pure: each program sends the request with its own HTTP client and the headers of
contract/table/secret_headers.py. It must not follow redirects of a source that has headers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contract.table.json_path import type_name, value_at
from contract.table.pagination import Answer
from contract.table.source import Source, Value

FIRST = ""  # the cursor of the first page


@dataclass(frozen=True)
class Request:
    """A GET of `url` with the parameters `query`, for the page that `cursor` names."""

    url: str
    query: Mapping[str, Value]
    cursor: str = FIRST


@dataclass(frozen=True)
class Page:
    """`cursor` names the next page; None at the end."""

    items: list[Any]
    cursor: str | None


def request(
    source: Source,
    params: Mapping[str, Value],
    cursor: str = FIRST,
    size: int | None = None,
) -> Request:
    """The request for a page. `params`: the run's values of `source.params`. `size`: the number of
    items, for a source that has a parameter for it. Raises ValueError for an unusable URL."""
    pagination = source.pagination
    url = pagination.url(source.address(), cursor)
    if pagination.is_complete(cursor):
        return Request(url, {}, cursor)
    sized: dict[str, Value] = {pagination.size: size} if pagination.size and size else {}
    query = {**source.query, **params, **sized, **pagination.query(cursor)}
    return Request(url, {name: _text(value) for name, value in query.items()}, cursor)


def page(source: Source, asked: Request, body: bytes, link: str = "") -> Page:
    """The answer with status 200 to a request; `link`: its header Link. Raises ValueError for an
    answer that is not a page: the text shows neither a value nor a secret."""
    try:
        content = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        # without the cause, which would contain the text
        raise ValueError(f"truncated JSON ({len(body)} bytes)") from None
    items = value_at(content, source.items)
    if not isinstance(items, list):
        place = f" `{source.items}`" if source.items else ""
        raise ValueError(f"JSON without a list{place}, which is {type_name(items)}")
    pagination = source.pagination
    if not items and pagination.endless:
        raise ValueError(f"HTTP 200 with no items in `{source.items}`")
    return Page(items, pagination.next(asked.cursor, Answer(asked.url, content, len(items), link)))


def _text(value: Value) -> Value:
    return str(value).lower() if isinstance(value, bool) else value
