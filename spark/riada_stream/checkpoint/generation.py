"""One driver at a time, without a lock: each writes its checkpoint into a folder of its own.

A driver that the master has lost with its worker may live on beside its successor, and a lock that
lapses would not keep it from writing. So a driver begins an epoch: a folder below the checkpoint's,
with a higher number and the place that the epoch before has come to. What an older driver writes
from then on nobody reads, and its rows are what its successor writes too (invariant 3). It ends
when it sees the newer epoch.
"""

from __future__ import annotations

import re
from uuid import uuid4

from riada_stream.checkpoint import continuity, failed_batch
from riada_stream.checkpoint.offsets import batches, newest
from riada_stream.runtime.folder import Folder

BEGUN = "begun"
"""A file in an epoch that is whole. Its text: the epoch that it goes on from, if there is one."""

HANDED_ON = (failed_batch.NOTE, *continuity.NOTES)

_NAME = re.compile(r"(\d{8})-[0-9a-f]{8}")


def begin(checkpoint: Folder, restart: str | None = None) -> Folder:
    """A new epoch, which goes on from the newest; what is older than that is deleted. With the note
    `restart` (continuity.py) it begins where the topic does."""
    known = _epochs(checkpoint)
    before = next((name for name in reversed(known) if _whole(checkpoint / name)), None)
    number = int(_NAME.fullmatch(known[-1])[1]) + 1 if known else 1
    own = checkpoint / f"{number:08d}-{uuid4().hex[:8]}"
    if restart is not None:
        own.write(continuity.RESTART, restart)
    elif before:
        for file in _place(checkpoint / before):
            (checkpoint / before).copy(file, own)
    own.write(BEGUN, before or "")
    for name in known:
        if before and name < before:
            (checkpoint / name).delete()
    return own


def newer(own: Folder) -> Folder | None:
    """The epoch that has begun since, if one has. Of two that begin at once the name decides."""
    after = [own.parent / name for name in _epochs(own.parent) if name > own.name]
    return next((epoch for epoch in reversed(after) if _whole(epoch)), None)


def _epochs(checkpoint: Folder) -> list[str]:
    return [name for name in checkpoint.names() if _NAME.fullmatch(name)]


def _whole(epoch: Folder) -> bool:
    return epoch.read(BEGUN) is not None


def _place(epoch: Folder) -> list[str]:
    """The files that tell where an epoch's query is: the newest batch that is done, the one before,
    which Spark asks for, and the one that is planned. The commits are listed first: its driver may
    be writing still."""
    done = newest(epoch, "commits")
    near = range(max(done - 1, 0), done + 2)
    return [
        *(f"sources/0/{name}" for name in epoch.names("sources/0") if name == "0"),
        *(f"offsets/{batch}" for batch in batches(epoch, "offsets") if batch in near),
        *(f"commits/{batch}" for batch in [done] if batch >= 0),
        *(name for name in epoch.names() if name in HANDED_ON),
    ]
