"""Timelines: a restore leaves the history of the server at a position and begins another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from backup.clients.pgbackrest import Backup
from backup.clients.state import Gap, seconds

# A WAL file holds the changes of archive_timeout (docker/postgres/entrypoint.sh) at most.
WAL_S = 60.0
WAL_BYTES = 16 << 20


@dataclass(frozen=True)
class History:
    """`left`: earlier timeline → the position (bytes) at which this history left it."""

    timeline: int
    left: Mapping[int, int] = field(default_factory=dict)

    def holds(self, backup: Backup) -> bool:
        """Does this history lead on from the backup? A newer backup of an earlier timeline may
        hold changes that a restore took back."""
        return backup.timeline == self.timeline or backup.lsn <= self.left.get(backup.timeline, -1)

    def lacks(self, gap: Gap, backup: Backup, moment: float | None) -> bool:
        """Does a recovery from the backup to the moment (None: the end) need the WAL of the gap?"""
        if not gap.wal:
            return False
        timeline, start = start_of(gap.wal)
        # A recovery that ended at the gap left its timeline at the start of the file.
        if timeline != self.timeline and start >= self.left.get(timeline, 0):
            return False
        is_after = moment is None or moment > seconds(gap.first) - WAL_S
        return is_after and backup.started_at <= seconds(gap.last)

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


def start_of(wal: str) -> tuple[int, int]:
    """Timeline and first position (bytes) of a WAL file, such as 000000010000000A000000FE."""
    timeline, high, low = (int(wal[at : at + 8], 16) for at in (0, 8, 16))
    return timeline, (high << 32) + low * WAL_BYTES


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
