"""The part [source] of a table's file → Source. Every error names the field and what it expects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from contract.table.fields import Fields
from contract.table.pagination_file import pagination_of
from contract.table.rejected_item import ANYWHERE
from contract.table.secret_headers import SECRET
from contract.table.source import (
    MANUAL,
    ParamType,
    RunParam,
    Source,
    Value,
    check_url,
    expanded,
    variables,
)

# What a run of every source may set; dags/ingest/params.py describes them.
COMMON_PARAMS = frozenset({"count", "batch_size", "rate"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_CRON_FIELD = re.compile(r"[0-9A-Za-z*/,#?-]+")
# Headers whose value is a secret by its nature.
_SECRET_HEADERS = re.compile("authorization|cookie|token|key|secret|password", re.IGNORECASE)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def source_of(content: Any) -> Source:
    """Raises ValueError."""
    fields = Fields("source", content)
    source = Source(
        url=_url(fields),
        items=fields.text("items", ""),
        pagination=pagination_of(fields.section("pagination")),
        query=_query(fields.section("query")),
        params=tuple(_param(name, spec) for name, spec in _sections(fields, "params")),
        rate=fields.number("rate", Source.rate),
        schedule=_schedule(fields),
        headers=_headers(fields.section("headers")),
        drop=_drop(fields),
    )
    fields.end()
    _check(source)
    return source


def _check(source: Source) -> None:
    if source.rate == 0 and source.pagination.endless:
        raise ValueError("source.rate: 0 needs a source that ends, and source.pagination.endless")
    names = [param.name for param in source.params]
    pagination = source.pagination
    for name in (*source.query, *names):
        if name == pagination.size or name in pagination.query("1"):
            raise ValueError(f"source: {name} is a parameter of source.pagination already")
    if both := source.query.keys() & {*names}:
        raise ValueError(f"source.params: also in source.query: {', '.join(sorted(both))}")


def _url(fields: Fields) -> str:
    url = fields.text("url")
    # A variable without a default gets its value when a run begins.
    values = {name: default or "http://host" for name, default in variables(url).items()}
    check_url(expanded(url, values))
    return url


def _schedule(fields: Fields) -> str:
    schedule = fields.text("schedule", Source.schedule)
    parts = schedule.split()
    if schedule != MANUAL and (
        len(parts) != 5 or not all(_CRON_FIELD.fullmatch(part) for part in parts)
    ):
        raise ValueError(f'source.schedule: expected five fields of cron, or "{MANUAL}"')
    return schedule


def _query(section: Any) -> Mapping[str, Value]:
    query = Fields("source.query", section).content
    for name, value in query.items():
        if not isinstance(value, (str, int, float, bool)):
            raise ValueError(f"source.query.{name}: expected text, a number or a boolean")
        if isinstance(value, str) and SECRET.search(value):
            raise ValueError(f"source.query.{name}: secrets belong into source.headers")
    return query


def _headers(section: Any) -> Mapping[str, str]:
    headers = Fields("source.headers", section).content
    for name, value in headers.items():
        if not _HEADER.fullmatch(name):
            raise ValueError("source.headers: a name has letters, digits and -")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise ValueError(f"source.headers.{name}: expected text")
        if _SECRET_HEADERS.search(name) and not SECRET.search(value):
            raise ValueError(
                f'source.headers.{name}: expected "secret:NAME", since the file holds no secret'
            )
    return headers


def _sections(fields: Fields, name: str) -> list[tuple[str, Any]]:
    return list(Fields(f"source.{name}", fields.section(name)).content.items())


def _param(name: str, content: Any) -> RunParam:
    place = f"source.params.{name}"
    if name in COMMON_PARAMS or not _NAME.fullmatch(name):
        raise ValueError(f"{place}: every source has it, or it has an unusual character")
    fields = Fields(place, content)
    kind = fields.choice("type", get_args(ParamType), "text")
    default = fields.content.get("default")
    fields.used.add("default")
    per_run = fields.flag("per_run")
    if default is not None and type(default) not in _TYPES[kind]:
        raise ValueError(f"{place}.default: expected a value of type {kind}")
    if per_run and (kind != "text" or default is not None):
        raise ValueError(f"{place}.per_run: needs the type text, and no default")
    description = fields.text("description", "")
    fields.end()
    return RunParam(name, kind, default, description, per_run)  # type: ignore[arg-type]


def _drop(fields: Fields) -> tuple[str, ...]:
    paths = fields.content.get("drop", [])
    fields.used.add("drop")
    if not isinstance(paths, list) or not all(isinstance(path, str) and path for path in paths):
        raise ValueError('source.drop: expected a list of paths, such as "login.password"')
    for path in paths:
        if "*" in path.removeprefix(ANYWHERE):
            raise ValueError(f'source.drop: "{ANYWHERE}" may only begin a path')
    return tuple(paths)
