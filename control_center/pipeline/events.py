"""A decoded change of one person on the users topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION
from contract.table.columns import NAMES

REQUIRED = ("id", LSN, COMMITTED_MS)


class UndecodableError(ValueError):
    """A message that no stock consumer can read; the text says why."""


@dataclass(frozen=True)
class Event:
    """`row`: values in the order of NAMES; `version` orders changes (contract/table/version.py);
    `lsn` and `committed_ms`: where in the WAL and when PostgreSQL committed the change."""

    id: str
    row: tuple[Any, ...]
    deleted: bool
    version: int
    lsn: int
    committed_ms: int
    op: str

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Event:
        """The event from a decoded value; raises UndecodableError if the value is not a change of a
        person."""
        missing = [name for name in REQUIRED if record.get(name) is None]
        if missing:
            raise UndecodableError(f"is not a change of a person: it lacks {', '.join(missing)}")
        try:
            return cls(
                id=str(record["id"]).lower(),
                row=tuple(record.get(name) for name in NAMES),
                deleted=record.get(DELETED) == "true",
                version=int(record.get(VERSION) or record[LSN]),
                lsn=int(record[LSN]),
                committed_ms=int(record[COMMITTED_MS]),
                op=str(record.get(OPERATION)),
            )
        except (TypeError, ValueError) as error:
            raise UndecodableError(f"is not a change of a person: {error!r}") from error
