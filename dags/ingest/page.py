"""One page of items → rows of a table, and the items that cannot become rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from contract.stores.postgres.table import writable
from contract.table.item import row
from contract.table.table import Table

Item = Any  # JSON of the API, of any shape
Row = tuple[Any, ...]  # values of writable(table), in order


@dataclass(frozen=True)
class Accepted:
    """An item with the row, and the position in the page (from 0)."""

    position: int
    item: Item
    row: Row


@dataclass(frozen=True)
class Rejected:
    """An item that cannot become a row, and the reason, which shows no value."""

    position: int
    item: Item
    reason: str


@dataclass(frozen=True)
class SortedPage:
    """`accepted` has each key once and is ordered by key, so that two writers cannot deadlock.
    `repeated` counts the items whose key comes again later in the page."""

    accepted: list[Accepted]
    rejected: list[Rejected] = field(default_factory=list)
    repeated: int = 0


def sort_page(table: Table, items: Iterable[Item]) -> SortedPage:
    """If a key comes twice, the last item counts."""
    columns = writable(table)
    key = [(columns.index(column), column.kind.canonical) for column in table.key]
    by_key: dict[tuple[Any, ...], Accepted] = {}
    rejected: list[Rejected] = []
    repeated = 0
    for position, item in enumerate(items):
        try:
            values = row(table, item)
        except ValueError as error:
            rejected.append(Rejected(position, item, str(error)))
            continue
        row_key = tuple([canonical(values[index]) for index, canonical in key])
        if row_key in by_key:
            repeated += 1
        by_key[row_key] = Accepted(position, item, values)
    return SortedPage([by_key[row_key] for row_key in sorted(by_key)], rejected, repeated)
