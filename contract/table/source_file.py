"""The part [source] of a table's file → Source."""

from __future__ import annotations

from typing import Any

from contract.table.source import Source


def source_of(content: Any) -> Source:
    """Raises ValueError."""
    if not isinstance(content, dict) or not isinstance(content.get("url"), str):
        raise ValueError("source.url is missing")
    return Source(content["url"])
