"""A session with PostgreSQL that answers every query with the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class InMemorySession:
    """`error`: raised instead of an answer."""

    def __init__(self, *rows: tuple[Any, ...], error: Exception | None = None) -> None:
        self.rows, self.error = list(rows), error
        self.parameters: list[Mapping[str, object]] = []

    def query(self, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        self.parameters.append(parameters)
        if self.error:
            raise self.error
        return self.rows
