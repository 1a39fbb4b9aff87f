"""One page of people → rows for `users`, and what had to be rejected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from contract.table.randomuser import row


@dataclass(frozen=True)
class Item:
    """A person, its position within the page (from 0), and its row in the order of COLUMNS."""

    position: int
    person: Any
    row: tuple[Any, ...] = ()


@dataclass
class Batch:
    """`items` holds each id once, ordered by id, so that two writers cannot deadlock."""

    items: list[Item]
    rejects: list[tuple[Item, str]] = field(default_factory=list)
    repeated: int = 0


def batch(people: Iterable[Any]) -> Batch:
    """Sorts a page out. Of a person who comes twice the last one counts."""
    by_id: dict[str, Item] = {}
    rejects: list[tuple[Item, str]] = []
    repeated = 0
    for position, person in enumerate(people):
        try:
            values = row(person)
        except ValueError as error:
            rejects.append((Item(position, person), str(error)))
            continue
        repeated += values[0] in by_id
        by_id[values[0]] = Item(position, person, values)
    return Batch([by_id[key] for key in sorted(by_id)], rejects, repeated)
