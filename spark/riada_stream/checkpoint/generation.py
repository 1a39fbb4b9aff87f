"""Each driver writes a table's checkpoint into a directory of its own, so that no lock is needed.

The master may lose a worker and start a second driver while the first one lives on. A lock that
expires would not stop the first one from writing. So a driver begins a generation: a directory
below the checkpoint's, with a higher number, which starts with the progress of the generation
before. No driver reads the batches that an older driver writes from then on. Its rows do no harm,
because its successor writes the same ones (invariant 3). An older driver ends when it sees the
newer generation.
"""

from __future__ import annotations

import re
from uuid import uuid4

from riada_stream.checkpoint import continuity, failed_batch
from riada_stream.checkpoint.offsets import batches, newest_batch
from riada_stream.runtime.checkpoint_dir import CheckpointDir

# A generation is complete when it has this file. Its text names the generation before, if any.
COMPLETE = "begun"
INHERITED_FILES = (
    failed_batch.FILE,
    continuity.IDENTITY_FILE,
    continuity.RESTART_FILE,
    continuity.STORED_TABLE_FILE,
)

_NAME = re.compile(r"(\d{8})-[0-9a-f]{8}")


def begin(checkpoint: CheckpointDir, restart: str | None = None) -> CheckpointDir:
    """Begins a generation that continues the newest complete one, and deletes the ones before that.

    With a note `restart` (continuity.py) the generation has no progress: its query begins at the
    topic's beginning.
    """
    known = _generations(checkpoint)
    previous = next((name for name in reversed(known) if _is_complete(checkpoint / name)), None)
    number = _number(known[-1]) + 1 if known else 1
    own = checkpoint / f"{number:08d}-{uuid4().hex[:8]}"
    if restart is not None:
        own.write(continuity.RESTART_FILE, restart)
    elif previous:
        for file in _progress_files(checkpoint / previous):
            (checkpoint / previous).copy(file, own)
    for name in known:
        if previous and name < previous:
            (checkpoint / name).delete()
    own.write(COMPLETE, previous or "")  # last: a driver that looks now takes it for another one
    return own


def newer(own: CheckpointDir) -> CheckpointDir | None:
    """The newest complete generation after `own`, if any. If two generations begin at the same
    time, the one with the higher name counts as newer."""
    later = [own.parent / name for name in _generations(own.parent) if name > own.name]
    return next((generation for generation in reversed(later) if _is_complete(generation)), None)


def _generations(checkpoint: CheckpointDir) -> list[str]:
    return [name for name in checkpoint.names() if _NAME.fullmatch(name)]


def _number(name: str) -> int:
    return int(name.partition("-")[0])


def _is_complete(generation: CheckpointDir) -> bool:
    return generation.read(COMPLETE) is not None


def _progress_files(generation: CheckpointDir) -> list[str]:
    """The files that hold the progress of a generation's query: its newest committed batch, the
    batch before, which Spark asks for, and the planned batch. The commits are listed first, since
    the generation's driver may still be writing."""
    committed = newest_batch(generation, "commits")
    inherited = range(max(committed - 1, 0), committed + 2)
    return [
        *(f"sources/0/{name}" for name in generation.names("sources/0") if name == "0"),
        *(f"offsets/{batch}" for batch in batches(generation, "offsets") if batch in inherited),
        *(f"commits/{batch}" for batch in [committed] if batch >= 0),
        *(name for name in generation.names() if name in INHERITED_FILES),
    ]
