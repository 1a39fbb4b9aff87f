"""The rows of the table in memory, and a choice among them that only the seed decides."""

from __future__ import annotations

import random
from collections.abc import Iterable

from tests.harness.workload.step import Delete, Insert, Row, Statement, Update, effective


class Rows:
    """`by_key`: the rows that are committed. Memory: the rows that exist now, not those that were
    ever written."""

    def __init__(self) -> None:
        self.by_key: dict[int, Row] = {}
        # Keys that may be chosen, and where each is: a choice takes the same time for any number.
        self._keys: list[int] = []
        self._places: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def choose(self, chance: random.Random, count: int) -> tuple[int, ...]:
        """Distinct keys of rows that exist, without markers."""
        return tuple(self._keys[place] for place in chance.sample(range(len(self._keys)), count))

    def apply(self, statements: Iterable[Statement]) -> None:
        for statement in effective(statements):
            if isinstance(statement, Insert):
                for row in statement.rows:
                    self._add(dict(row))
            elif isinstance(statement, Update):
                for key in statement.keys:
                    self._update(key, statement.values)
            elif isinstance(statement, Delete):
                for key in statement.keys:
                    self._remove(key)

    def _update(self, key: int, values: Row) -> None:
        row = self.by_key[key] | values
        if row["id"] == key:
            self.by_key[key] = row
        else:
            self._remove(key)
            self._add(row)

    def _add(self, row: Row) -> None:
        key = row["id"]
        assert key not in self.by_key, key
        self.by_key[key] = row
        if key >= 0:  # markers are below
            self._places[key] = len(self._keys)
            self._keys.append(key)

    def _remove(self, key: int) -> None:
        del self.by_key[key]
        place, last = self._places.pop(key), self._keys.pop()
        if last != key:
            self._keys[place] = last
            self._places[last] = place
