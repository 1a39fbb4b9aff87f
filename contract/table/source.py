"""The source of a table's rows: a JSON API that a DAG reads."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from contract.table.pagination import NoPagination, Pagination

Value = str | int | float | bool
ParamType = Literal["text", "integer", "number", "boolean"]

# ${NAME:-default}, ${NAME} or $NAME, as in a shell.
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))", re.ASCII)
# The schedule of a source that only people start.
MANUAL = "manual"


@dataclass(frozen=True)
class RunParam:
    """A query parameter that a run may set. `per_run`: unless it does, the value is made from the
    run's id, so that every attempt of the run has the same."""

    name: str
    type: ParamType = "text"
    default: Value | None = None
    description: str = ""
    per_run: bool = False


@dataclass(frozen=True)
class Source:
    """`url` may have environment variables. `items`: the path of the list of items in an answer; ""
    if the answer is the list. `query`: parameters of every request. `rate`: items/s; 0 is as fast
    as possible. `schedule`: cron in UTC, or MANUAL. `headers`: name → value, which may refer to a
    secret (contract/table/secret_headers.py). `drop`: what a rejected item loses before it is kept
    (contract/table/rejected_item.py)."""

    url: str
    items: str = ""
    pagination: Pagination = field(default_factory=NoPagination)
    query: Mapping[str, Value] = field(default_factory=dict)
    params: tuple[RunParam, ...] = ()
    rate: float = 1.0
    schedule: str = "*/5 * * * *"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()

    def address(self, environ: Mapping[str, str] = os.environ) -> str:
        """The URL with its environment variables. Raises ValueError."""
        return expanded(self.url, environ)


def expanded(url: str, environ: Mapping[str, str]) -> str:
    """Raises ValueError if a variable is missing, or if the result is not a URL to read from."""

    def value(match: re.Match[str]) -> str:
        braced, default, bare = match.groups()
        name = braced or bare
        if text := environ.get(name) or default:
            return text
        raise ValueError(f"source.url: the environment variable {name} is not set")

    result = _VARIABLE.sub(value, url)
    check_url(result)
    return result


def variables(url: str) -> dict[str, str]:
    """The environment variables of a URL with their defaults ("" for none)."""
    return {braced or bare: default or "" for braced, default, bare in _VARIABLE.findall(url)}


def check_url(url: str) -> None:
    """Raises ValueError, which does not show the URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("source.url: expected http://HOST/… or https://HOST/…")
    if "@" in parts.netloc:
        raise ValueError("source.url: holds a user name: secrets belong into source.headers")
