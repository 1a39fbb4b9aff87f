"""Which rows an erasure concerns: one row by its key, or all rows that were erased before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from contract.table.kinds.kind import Canonical
from control_center.pipeline.erasures.record import Erasure

# A shorter text is in many messages by chance.
SHORTEST = 8  # characters


class Selection(Protocol):
    def has(self, key: str, at_ms: int | None) -> bool:
        """Does it concern the row with this key, in a change that arrived at this time?"""
        ...

    def is_in(self, *texts: bytes | None) -> bool:
        """Do these bytes, from which no key can be decoded, hold the key of a row?"""
        ...


@dataclass(frozen=True)
class OneKey:
    """`key`: its text; `values`: the canonical values in it."""

    key: str
    values: tuple[Canonical, ...]

    def has(self, key: str, at_ms: int | None) -> bool:
        return key == self.key

    def is_in(self, *texts: bytes | None) -> bool:
        """Each value of the key that is a text, if it is long enough to tell the row."""
        parts = [value.encode() for value in self.values if isinstance(value, str)]
        if not any(len(part) >= SHORTEST for part in parts):
            return False
        joined = b"\0".join(text for text in texts if text)
        return all(part in joined for part in parts)


@dataclass(frozen=True)
class Recorded:
    """`records`: by mark; `mark_of`: key → its mark."""

    records: Mapping[str, Erasure]
    mark_of: Callable[[str], str]

    def has(self, key: str, at_ms: int | None) -> bool:
        record = self.records.get(self.mark_of(key)) if self.records else None
        return record is not None and record.covers(at_ms)

    def is_in(self, *texts: bytes | None) -> bool:
        return False
