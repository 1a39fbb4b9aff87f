"""How an API divides its items into pages, from one answer and its URL."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contract.table.pagination import (
    Cursor,
    LinkHeader,
    NoPagination,
    PageNumber,
    Pagination,
    next_link,
)
from control_center.tables.fetch import ApiAnswer
from control_center.tables.items import fields

_CURSORS = ("next_cursor", "nextcursor", "next_page_token", "nextpagetoken", "cursor", "next_token")
_URLS = ("next", "next_url", "next_page_url", "nextlink", "@odata.nextlink")
_PAGES = ("page", "current_page", "page_number", "total_pages", "pages", "last_page")
_SIZES = ("limit", "per_page", "page_size", "pagesize", "results", "count", "size")
_PARAMETERS = {
    "next_page_token": "page_token",
    "nextpagetoken": "pageToken",
    "next_token": "next_token",
}


def pagination_of(url: str, answer: ApiAnswer) -> Pagination:
    """NoPagination if nothing names a next page."""
    query = dict(parse_qsl(urlsplit(url).query))
    size = next((name for name in query if name.lower() in _SIZES), "")
    if next_link(answer.link):
        return LinkHeader(size)
    names = _names(answer.content)
    for path, value in names.items():
        name = path.rpartition(".")[2].lower()
        if name in _URLS and isinstance(value, str) and "/" in value:
            return Cursor(size, path=path)
        if name in _CURSORS and isinstance(value, (str, int)) and value != "":
            parameter = next((key for key in query if "cursor" in key.lower()), "")
            return Cursor(size, path=path, parameter=parameter or _PARAMETERS.get(name, "cursor"))
    numbered = next((name for name in query if name.lower() in ("page", "p", "page_number")), "")
    if numbered:
        first = int(query[numbered]) if query[numbered].isdecimal() else 1
        return PageNumber(size, parameter=numbered, first=min(first, 1))
    if any(path.rpartition(".")[2].lower() in _PAGES for path in names):
        return PageNumber(size)
    return NoPagination(size)


def _names(content: Any) -> dict[str, Any]:
    """The scalars around the items."""
    if not isinstance(content, dict):
        return {}
    leaves = fields([content])
    return {path: values[0] for path, values in leaves.items() if not isinstance(values[0], list)}
