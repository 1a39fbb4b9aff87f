"""The source of a table's rows: a JSON API that a DAG reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """`url` of the API."""

    url: str
