"""How an API divides its items into pages.

A page is named by a cursor: "" is the first page, and each answer gives the cursor of the next one.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from contract.table.json_path import type_name, value_at

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^;,"=]+(?:=\s*(?:"[^"]*"|[^",;]*))?)*)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^";,\s]+))', re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What decides about the next page: the URL that was asked, the JSON of its answer, the number
    of its items, and the header Link ("" without one)."""

    url: str
    content: Any
    count: int
    link: str = ""


@dataclass(frozen=True)
class Pagination(ABC):
    """`size`: the parameter for the number of items; "" if the API decides. `largest`: the largest
    number. `endless`: every page has items, so an empty page is a fault and not the end."""

    size: str = ""
    largest: int | None = None
    endless: bool = False

    def url(self, url: str, cursor: str) -> str:
        """The URL of a page."""
        return url

    def is_complete(self, cursor: str) -> bool:
        """Is the URL of this page complete, with every parameter?"""
        return False

    def query(self, cursor: str) -> Mapping[str, str]:
        """The parameters that name a page."""
        return {}

    @abstractmethod
    def next(self, cursor: str, answer: Answer) -> str | None:
        """The cursor of the page after this one; None at the end. Raises ValueError for an answer
        that has no usable cursor."""


@dataclass(frozen=True)
class NoPagination(Pagination):
    """One answer has every item."""

    def next(self, cursor: str, answer: Answer) -> str | None:
        return None


@dataclass(frozen=True)
class PageNumber(Pagination):
    """`parameter` takes the number of the page; `first` is that of the first page. The end is the
    first page without items."""

    parameter: str = "page"
    first: int = 1

    def query(self, cursor: str) -> Mapping[str, str]:
        return {self.parameter: cursor or str(self.first)}

    def next(self, cursor: str, answer: Answer) -> str | None:
        if not answer.count:
            return None
        return str(int(cursor or self.first) + 1)


@dataclass(frozen=True)
class Cursor(Pagination):
    """The answer has the next cursor at the path `next`; it is missing, null or "" at the end.
    `parameter` takes it; without a parameter it is the URL of the next page."""

    path: str = ""
    parameter: str = ""

    def url(self, url: str, cursor: str) -> str:
        return cursor if cursor and not self.parameter else url

    def is_complete(self, cursor: str) -> bool:
        return bool(cursor) and not self.parameter

    def query(self, cursor: str) -> Mapping[str, str]:
        return {self.parameter: cursor} if cursor and self.parameter else {}

    def next(self, cursor: str, answer: Answer) -> str | None:
        value = value_at(answer.content, self.path)
        if value is None or value == "":
            return None
        if type(value) not in (str, int):
            raise ValueError(f"{self.path}: is {type_name(value)}, not the cursor of the next page")
        text = str(value) if self.parameter else same_server(answer.url, str(value))
        if text == cursor:
            raise ValueError(f"{self.path}: has the cursor of the same page again")
        return text


@dataclass(frozen=True)
class LinkHeader(Pagination):
    """The header Link (RFC 8288) has the URL of the next page, with rel="next"."""

    def url(self, url: str, cursor: str) -> str:
        return cursor or url

    def is_complete(self, cursor: str) -> bool:
        return bool(cursor)

    def next(self, cursor: str, answer: Answer) -> str | None:
        target = next_link(answer.link)
        if target is None:
            return None
        url = same_server(answer.url, target)
        if url == cursor:
            raise ValueError("the header Link has the same page again")
        return url


def next_link(header: str) -> str | None:
    """The target of rel="next" in a header Link; None if it has none."""
    for target, parameters in _LINK.findall(header):
        relations = _REL.search(parameters)
        if relations and "next" in (relations[1] or relations[2] or "").lower().split():
            return str(target)
    return None


def same_server(url: str, target: str) -> str:
    """The absolute URL of the next page. Raises ValueError if another server has it: it would get
    the secret headers."""
    absolute = urljoin(url, target)
    if urlsplit(absolute)[:2] != urlsplit(url)[:2]:
        raise ValueError("the next page is on another server than source.url")
    return absolute
