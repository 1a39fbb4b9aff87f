"""Are rows that differ on their way? They are read before a barrier is made, and after it has
passed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from contract.table.table import Table
from control_center.jobs.verification.equal import is_equal
from control_center.jobs.verification.stores import CassandraRow, PostgresRow, Stores


class Verdict(Enum):
    EQUAL = "equal"
    SUPERSEDED = "superseded"  # Cassandra has a change that is newer than the barrier
    DIFFERS = "differs"
    OPEN = "open"  # the row changes all the time


@dataclass(frozen=True)
class Sighting:
    """One row in both stores; None where it is missing."""

    postgres: PostgresRow | None
    cassandra: CassandraRow | None

    def is_equal(self, table: Table) -> bool:
        if self.postgres is None or self.cassandra is None:
            return self.postgres is None and self.cassandra is None
        return is_equal(table, self.postgres.row, self.cassandra.row)


def sight(stores: Stores, keys: Collection[str]) -> dict[str, Sighting]:
    """Cassandra first: a row whose version in PostgreSQL is then the same as before has not changed
    in between, so Cassandra had to have it."""
    cassandra = stores.in_cassandra(keys)
    postgres = stores.in_postgres(keys)
    return {key: Sighting(postgres.get(key), cassandra.get(key)) for key in keys}


def verdict(table: Table, before: Sighting, after: Sighting, position: int) -> Verdict:
    """`before`: as seen before a barrier at this WAL position was made; `after`: once it passed."""
    if after.is_equal(table):
        return Verdict.EQUAL
    held = after.cassandra
    if _version(before) != _version(after):
        is_newer = held is not None and held.lsn is not None and held.lsn >= position
        return Verdict.SUPERSEDED if is_newer else Verdict.OPEN
    # PostgreSQL has no row, and may have had one in between: then Cassandra has another one.
    if after.postgres is None and held is not None and not held.is_same_as(before.cassandra):
        return Verdict.OPEN
    return Verdict.DIFFERS


def _version(sighting: Sighting) -> str | None:
    return sighting.postgres.version if sighting.postgres else None


class Round:
    """One barrier for many rows. `equal`: those that do not differ any more. Raises
    UnreachableError."""

    def __init__(self, stores: Stores, keys: Collection[str]) -> None:
        self._stores = stores
        seen = sight(stores, keys)
        self.equal = [key for key, row in seen.items() if row.is_equal(stores.table)]
        self._before = {key: row for key, row in seen.items() if key not in set(self.equal)}
        self._barrier = stores.barrier() if self._before else None

    @property
    def is_open(self) -> bool:
        """Does a row wait for the barrier?"""
        return bool(self._before)

    def verdicts(self) -> Mapping[str, tuple[Verdict, Sighting]] | None:
        """Key → the verdict and the row as it is now; None until the barrier has passed. Raises
        UnreachableError."""
        if self._barrier is None:
            return {}
        if not self._barrier.has_passed():
            return None
        after, position = sight(self._stores, self._before), self._barrier.position
        return {
            key: (verdict(self._stores.table, before, after[key], position), after[key])
            for key, before in self._before.items()
        }
