"""Three sides as digests by key: small enough for a million people, exact in every field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contract.table.checksum import Checksum, checksum

Digest = int
MODULUS = 2**128


def digest(row: Sequence[Any]) -> Digest:
    """128 bits over every field of one row: the checksum of that row alone."""
    return checksum([row]).total


def total(digests: Iterable[Digest]) -> Checksum:
    """Count and sum: what contract.table.checksum makes of the rows themselves."""
    result = Checksum()
    for value in digests:
        result.count += 1
        result.total = (result.total + value) % MODULUS
    return result


class Newest(NamedTuple):
    """A person's newest event; digest None: it deletes."""

    version: int
    digest: Digest | None
    partition: int
    offset: int


@dataclass
class Topic:
    """Invariant 3: of a person's events that of the highest version counts, not the last read."""

    newest: dict[str, Newest] = field(default_factory=dict)

    def add(self, key: str, event: Newest) -> None:
        known = self.newest.get(key)
        if known is None or event.version >= known.version:
            self.newest[key] = event

    def people(self) -> dict[str, Digest]:
        """Who is there once the deleted are taken out."""
        return {key: new.digest for key, new in self.newest.items() if new.digest is not None}


@dataclass
class Sides:
    """id → digest, on each side."""

    postgres: dict[str, Digest]
    topic: dict[str, Digest]
    cassandra: dict[str, Digest]

    def unequal(self) -> set[str]:
        """Keys that are not the same, or not there, on all three sides."""
        keys = self.postgres.keys() | self.topic.keys() | self.cassandra.keys()
        return {key for key in keys if not self.agree(key)}

    def agree(self, key: str) -> bool:
        one = self.postgres.get(key)
        return one == self.topic.get(key) and one == self.cassandra.get(key)

    def missing(self, key: str) -> list[str]:
        """Names of the sides where nobody has this key."""
        return [name for name, side in self.named().items() if key not in side]

    def named(self) -> dict[str, dict[str, Digest]]:
        return {"postgres": self.postgres, "topic": self.topic, "cassandra": self.cassandra}

    def look_again(self, keys: Iterable[str], now: Sides) -> None:
        """Replaces these keys by what a second look found."""
        for key in keys:
            for side, found in zip(self.named().values(), now.named().values(), strict=True):
                if key in found:
                    side[key] = found[key]
                else:
                    side.pop(key, None)

    def forget(self, keys: Iterable[str]) -> None:
        """Leaves these keys out of the comparison."""
        for key in keys:
            for side in self.named().values():
                side.pop(key, None)
