"""Timelines: a restore leaves the history of the server at a position and begins another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from backup.clients.pgbackrest import Backup


@dataclass(frozen=True)
class History:
    """`left`: earlier timeline → the position (bytes) at which this history left it."""

    timeline: int
    left: Mapping[int, int] = field(default_factory=dict)

    def holds(self, backup: Backup) -> bool:
        """Does this history lead on from the backup? A newer backup of an earlier timeline may
        hold changes that a restore took back."""
        return backup.timeline == self.timeline or backup.lsn <= self.left.get(backup.timeline, -1)

    def before(self, backups: Iterable[Backup], moment: float) -> list[Backup]:
        """The backups of this history that were complete at the moment, the oldest first."""
        held = [each for each in backups if self.holds(each) and each.stopped_at <= moment]
        return sorted(held, key=lambda each: each.stopped_at)


def parse(timeline: int, text: str) -> History:
    """A .history file of PostgreSQL: a line `timeline<tab>position<tab>reason` for each earlier
    timeline."""
    left = {}
    for line in text.splitlines():
        words = line.split("\t")
        if len(words) >= 2 and words[0].strip().isdigit():
            left[int(words[0])] = position(words[1])
    return History(timeline, left)


def position(lsn: str) -> int:
    """Bytes of a position such as 0/16B3748."""
    high, low = lsn.strip().split("/")
    return (int(high, 16) << 32) + int(low, 16)


def newest(read: Callable[[int], str | None]) -> History:
    """The history of the newest timeline. `read`: the .history file of a timeline in the archive,
    None if it has none. PostgreSQL finds the newest one in the same order."""
    history = History(1)
    while (text := read(history.timeline + 1)) is not None:
        history = parse(history.timeline + 1, text)
    return history
