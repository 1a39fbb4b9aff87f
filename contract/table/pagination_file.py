"""The part [source.pagination] of a table's file → Pagination."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.table.fields import Fields
from contract.table.pagination import Cursor, LinkHeader, NoPagination, PageNumber, Pagination

KINDS = ("none", "page", "cursor", "link")


def pagination_of(content: Mapping[str, Any]) -> Pagination:
    """Raises ValueError."""
    fields = Fields("source.pagination", content)
    kind = fields.choice("kind", KINDS, "none")
    size = fields.text("size", "")
    largest = fields.integer("largest", None, 1)
    if largest and not size:
        raise ValueError("source.pagination.largest: needs size, the parameter's name")
    pagination = _of_kind(kind, fields, size, largest)
    fields.end()
    return pagination


def _of_kind(kind: str, fields: Fields, size: str, largest: int | None) -> Pagination:
    if kind == "page":
        return PageNumber(
            size,
            largest,
            endless=fields.flag("endless"),
            parameter=fields.text("page", "page"),
            first=fields.integer("first", 1, 0) or 0,
        )
    if kind == "cursor":
        return Cursor(
            size, largest, path=fields.text("next"), parameter=fields.text("parameter", "")
        )
    if kind == "link":
        return LinkHeader(size, largest)
    return NoPagination(size, largest)
