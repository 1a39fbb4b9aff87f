"""The rows of a table that differ for good, and offsets that no batch covers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import islice

from contract.health.details.verification import DifferenceKind, RowDifference
from control_center.jobs.verification.claims import Claims
from control_center.jobs.verification.classify import classify
from control_center.jobs.verification.settle import Sighting
from control_center.jobs.verification.stores import Stores

KEPT = 10_000  # rows; further ones are counted in each pass over all rows
READ_EVENTS = 50  # of the rows found at once; it takes a request to Kafka for each


class Differences:
    """Those of the claims' position, by key."""

    def __init__(self, stores: Stores, claims: Claims) -> None:
        self._stores, self._claims = stores, claims
        self._known = {known.key: known for known in claims.position.differences}
        self._beyond = 0

    def has(self, key: str) -> bool:
        return key in self._known

    @property
    def known(self) -> Collection[RowDifference]:
        return self._known.values()

    @property
    def rows(self) -> list[str]:
        """The keys of known rows."""
        return [key for key, known in self._known.items() if known.kind is not _SKIPPED]

    def add(self, seen: Mapping[str, Sighting], now: float) -> None:
        """Rows that no other store can hold are none. Raises UnreachableError."""
        read = 0
        for key, row in seen.items():
            if row.postgres is not None and self._stores.is_outside(row.postgres.row):
                continue
            if len(self._known) >= KEPT:
                self._beyond += 1
                continue
            read += row.cassandra is not None
            self._known[key] = classify(self._stores, key, row, now, read <= READ_EVENTS)
        self._store(max(self._claims.position.uncounted, self._beyond))

    def next(self, count: int) -> list[str]:
        """Keys of known rows; the next call returns others."""
        keys = list(islice(self.rows, count))
        for key in keys:
            self._known[key] = self._known.pop(key)
        return keys

    def remove(self, keys: Collection[str]) -> None:
        """These rows are equal again."""
        for key in keys:
            self._known.pop(key, None)
        if keys:
            self._store(self._claims.position.uncounted)

    def count_beyond(self) -> None:
        """A pass over all rows is complete."""
        uncounted, self._beyond = self._beyond, 0
        if uncounted != self._claims.position.uncounted:
            self._store(uncounted)

    def look_for_gaps(self, now: float) -> None:
        """Raises UnreachableError."""
        at, gaps = self._claims.position, {str(gap) for gap in self._stores.gaps()}
        skipped = {key: known for key, known in self._known.items() if known.kind is _SKIPPED}
        # All rows of both stores were read, or compared, since then.
        read = min(at.rows_since or 0.0, at.deletes_through or 0.0)
        read = max(read, self._stores.compared_at() or 0.0)
        accounted = {key for key, known in skipped.items() if known.since < read}
        accounted = gaps & (accounted | set(at.accounted))
        for key in skipped.keys() - (gaps - accounted):
            del self._known[key]
        for key in gaps - accounted - skipped.keys():
            self._known[key] = RowDifference(key, _SKIPPED, since=now)
        if accounted != set(at.accounted):
            self._claims.now(lambda at: replace(at, accounted=tuple(sorted(accounted))))
        if skipped.keys() != gaps - accounted:
            self._store(at.uncounted)

    def _store(self, uncounted: int) -> None:
        known = tuple(self._known.values())
        self._claims.now(lambda at: replace(at, differences=known, uncounted=uncounted))


_SKIPPED = DifferenceKind.SKIPPED
