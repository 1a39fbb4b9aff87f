"""A change of one row, as the driver process handles it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Key = tuple[Any, ...]  # the carried forms of the key's columns, in their order


class Change(NamedTuple):
    """A row's key, the version of a change, and its message on the topic."""

    key: Key
    version: int
    partition: int
    offset: int

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Change:
        """Reads JSON in which `key` is an object, whose values are in the key's order."""
        return cls(tuple(row["key"].values()), row["version"], row["partition"], row["offset"])
