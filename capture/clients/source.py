"""What the manager sees of a PostgreSQL: its history, its position, its slot and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Identity:
    """One history of PostgreSQL: a restore or a promotion begins another."""

    system_identifier: str
    timeline: str


@dataclass(frozen=True)
class Slot:
    active: bool
    wal_status: str
    confirmed_lsn: str | None


@dataclass(frozen=True)
class Member:
    """A table of the publication. `oid`: of pg_publication_rel, another one after the table was
    published again. `unreadable`: why the role cannot read every row, and the remedy."""

    oid: int
    unreadable: str = ""


@dataclass(frozen=True)
class Scan:
    """A row of riada.scans. `read`: Debezium has read all rows that were requested; `failure`: its
    name for why it could not."""

    published: int | None
    epoch: int | None
    read: bool = False
    failure: str = ""


@dataclass(frozen=True)
class Source:
    """`lsn` in bytes; `epoch` and `mark` as table riada.capture has them, 0 before the first.
    `published`: whether the publication exists, and `members`: public.orders → what it holds.
    `scans`: name of a table → the state of its existing rows. Transactions with ids below `oldest`
    have ended."""

    identity: Identity
    lsn: int
    epoch: int
    mark: int
    published: bool
    slot: Slot | None
    members: Mapping[str, Member] = field(default_factory=dict)
    scans: Mapping[str, Scan] = field(default_factory=dict)
    oldest: int = 0

    def is_requested(self, name: str, relation: str) -> bool:
        """Were the rows of this table requested in this epoch, and was it published since?"""
        scan, member = self.scans.get(name), self.members[relation]
        return scan is not None and (scan.published, scan.epoch) == (member.oid, self.epoch)


class UnavailableError(Exception):
    """PostgreSQL, Kafka or Kafka Connect does not answer; the message names it and the cause."""
