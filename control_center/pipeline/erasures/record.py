"""The record of one erasure. It names the row by a mark, so the record itself is not personal
data."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contract.json_record import JsonRecord
from contract.table.table import Table


@dataclass(frozen=True)
class Erasure(JsonRecord):
    """Times are milliseconds since 1970. `erased_ms`: when the erasure deleted the row in
    PostgreSQL; `ended_ms`: when every store had lost the row, None while that is not known.
    `withdrawn`: PostgreSQL refused the DELETE, and the record of the same `erased_ms` does not
    count."""

    mark: str
    table: str
    erased_ms: int
    ended_ms: int | None = None
    withdrawn: bool = False

    def covers(self, at_ms: int | None) -> bool:
        """Does the erasure concern what arrived at this time? A row with the same key that somebody
        inserts after the erasure is another one. An unknown time is before the end."""
        return self.ended_ms is None or at_ms is None or at_ms <= self.ended_ms


def mark(secret: str, table: Table, key: str) -> str:
    """A keyed hash: nobody without the secret can try keys until one fits."""
    text = json.dumps([table.name, key]).encode()
    return hmac.new(secret.encode(), text, "sha256").hexdigest()


def newer(first: Erasure | None, second: Erasure) -> Erasure:
    """The record that is newer, or further."""
    if first is None:
        return second
    return max(first, second, key=lambda record: (record.erased_ms, record.ended_ms or 0))


def newest(records: Iterable[Erasure]) -> dict[str, Erasure]:
    """Mark → its newest record that nobody has withdrawn."""
    every = list(records)
    withdrawn = {(record.mark, record.erased_ms) for record in every if record.withdrawn}
    by_mark: dict[str, Erasure] = {}
    for record in every:
        if (record.mark, record.erased_ms) not in withdrawn:
            by_mark[record.mark] = newer(by_mark.get(record.mark), record)
    return by_mark


def lost(known: Mapping[str, Erasure], present: Mapping[str, Erasure]) -> dict[str, Erasure]:
    """Those of `known` that a store with the records `present` does not have. A PostgreSQL without
    them was restored to an earlier time, or the command was interrupted before its DELETE."""
    return {
        name: record
        for name, record in known.items()
        if name not in present or present[name].erased_ms < record.erased_ms
    }
