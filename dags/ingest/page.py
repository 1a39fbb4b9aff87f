"""One page of people → rows for `users`, and the people that cannot become rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from contract.table.randomuser import row

Person = Any  # JSON of the API, of any shape
Row = tuple[Any, ...]  # values in the order of contract.table.columns.COLUMNS


@dataclass(frozen=True)
class Accepted:
    """A person with the row, and the position in the page (from 0)."""

    position: int
    person: Person
    row: Row


@dataclass(frozen=True)
class Rejected:
    """A person that cannot become a row, and the reason, which shows no value."""

    position: int
    person: Person
    reason: str


@dataclass(frozen=True)
class SortedPage:
    """`accepted` has each id once and is ordered by id, so that two writers cannot deadlock.
    `repeated` counts the people whose id comes again later in the page."""

    accepted: list[Accepted]
    rejected: list[Rejected] = field(default_factory=list)
    repeated: int = 0


def sort_page(people: Iterable[Person]) -> SortedPage:
    """If a person comes twice, the last one counts."""
    by_id: dict[str, Accepted] = {}
    rejected: list[Rejected] = []
    repeated = 0
    for position, person in enumerate(people):
        try:
            values = row(person)
        except ValueError as error:
            rejected.append(Rejected(position, person, str(error)))
            continue
        row_id = values[0]
        if row_id in by_id:
            repeated += 1
        by_id[row_id] = Accepted(position, person, values)
    return SortedPage([by_id[row_id] for row_id in sorted(by_id)], rejected, repeated)
