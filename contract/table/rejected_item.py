"""An item that cannot become a row, as riada.rejects keeps it: without what source.drop names, and
with nothing that jsonb cannot hold."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from contract.table.json_path import names, type_name
from contract.table.kinds.text import UNSTORABLE
from contract.table.table import Table

DEPTH = 20  # levels that are kept
# `*.password` drops a name at any depth.
ANYWHERE = "*."


def rejected_item(table: Table, item: Any) -> Any:
    """A copy for jsonb, for an item of any shape.

    Of a dropped path only the values below it that columns read are kept. Characters and numbers
    that JSON in PostgreSQL cannot hold become U+FFFD and text.
    """
    drop = table.source.drop if table.source else ()
    read = frozenset(names(column.source_path) for column in table.columns)
    paths = frozenset(names(path) for path in drop if not path.startswith(ANYWHERE))
    anywhere = frozenset(path.removeprefix(ANYWHERE) for path in drop if path.startswith(ANYWHERE))
    return _Copy(read, paths, anywhere).of(item)


class _Copy:
    """`read`: the paths of columns. `paths`: the dropped paths. `anywhere`: names to drop."""

    def __init__(
        self,
        read: frozenset[tuple[str, ...]],
        paths: frozenset[tuple[str, ...]],
        anywhere: frozenset[str],
    ) -> None:
        self._anywhere, self._paths, self._read = anywhere, paths, read
        self._parents = frozenset(path[:end] for path in read for end in range(1, len(path)))

    def of(
        self, value: Any, path: tuple[str, ...] = (), depth: int = 0, dropped: bool = False
    ) -> Any:
        """`path`: the names that lead to the value; an item of a list has the path of the list.
        `dropped`: the value is below a dropped path."""
        if depth > DEPTH:
            return f"(deeper than {DEPTH} levels)"
        dropped = dropped or path in self._paths
        if isinstance(value, dict):
            return {
                _storable(str(name)): self.of(item, (*path, str(name)), depth + 1, dropped)
                for name, item in value.items()
                if self._is_kept((*path, str(name)), dropped)
            }
        if dropped and path not in self._read:
            return f"({type_name(value)})"
        if isinstance(value, list):
            return [self.of(item, path, depth + 1, dropped) for item in value]
        return _scalar(value)

    def _is_kept(self, path: tuple[str, ...], dropped: bool) -> bool:
        if path[-1] in self._anywhere or (path in self._paths and path not in self._parents):
            return False
        return not dropped or path in self._read or path in self._parents


def _scalar(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Decimal):
        number = float(value)
        return number if math.isfinite(number) and Decimal(repr(number)) == value else str(value)
    return _storable(value) if isinstance(value, str) else value


def _storable(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)
