"""Source → the lines of [source] in a table's file, which source_file.py reads back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from contract.table.pagination import Cursor, LinkHeader, NoPagination, PageNumber, Pagination
from contract.table.source import RunParam, Source, Value

_DEFAULT = Source("")


def lines_of(source: Source) -> list[str]:
    """The lines after `[source]`: those that differ from the default, then the sections."""
    return [
        f"url = {_value(source.url)}",
        *(
            f"{name} = {_value(value)}"
            for name in ("items", "rate", "schedule", "drop")
            if (value := getattr(source, name)) != getattr(_DEFAULT, name)
        ),
        *_section("query", source.query),
        *_section("headers", source.headers),
        *_section("pagination", _pagination(source.pagination)),
        *(line for param in source.params for line in _section(*_param(param))),
    ]


def _section(name: str, fields: Mapping[str, Any]) -> Iterator[str]:
    if fields:
        yield ""
        yield f"[source.{name}]"
        for field, value in fields.items():
            yield f"{_key(field)} = {_value(value)}"


def _pagination(pagination: Pagination) -> dict[str, Value]:
    fields: dict[str, Value | None] = {}
    if isinstance(pagination, PageNumber):
        fields = {"kind": "page", "page": pagination.parameter, "first": pagination.first}
    elif isinstance(pagination, Cursor):
        fields = {
            "kind": "cursor",
            "next": pagination.path,
            "parameter": pagination.parameter or None,
        }
    elif isinstance(pagination, LinkHeader):
        fields = {"kind": "link"}
    elif pagination != NoPagination():
        fields = {"kind": "none"}
    fields |= {
        "size": pagination.size or None,
        "largest": pagination.largest,
        "endless": pagination.endless or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _param(param: RunParam) -> tuple[str, dict[str, Value]]:
    fields: dict[str, Value | None] = {
        "type": param.type,
        "default": param.default,
        "per_run": param.per_run or None,
        "description": param.description or None,
    }
    return f"params.{_key(param.name)}", {k: v for k, v in fields.items() if v is not None}


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("-", "_").isidentifier()
    return name if plain else _value(name)


def _value(value: Any) -> str:
    """TOML's basic strings have JSON's escapes, and so have its numbers and booleans."""
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)
