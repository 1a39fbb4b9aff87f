"""Each driver writes a table's checkpoint into a directory of its own, so that no lock is needed.

The master may lose a worker and start a second driver while the first one lives on. A lock that
expires would not stop the first one from writing. So a driver begins a generation: a directory
below the checkpoint's, with a higher number, which starts with the progress of the generation
before. No driver reads the batches that an older driver writes from then on. Its rows do no harm,
because its successor writes the same ones (invariant 3). An older driver ends when it sees the
newer one's claim (claim.py); until then it may begin generations too, which nobody continues.
"""

from __future__ import annotations

import re
from uuid import uuid4

from riada_stream.checkpoint import continuity, failed_batch
from riada_stream.checkpoint.claim import Claim
from riada_stream.checkpoint.offsets import batches, newest_batch
from riada_stream.runtime.checkpoint_dir import CheckpointDir

# A generation is complete when it has this file. Its text is the claim of the driver that began it.
COMPLETE = "begun"
# Of a generation that a release without claims began.
_NO_CLAIM = Claim(0, "")
INHERITED_FILES = (
    failed_batch.FILE,
    continuity.IDENTITY_FILE,
    continuity.RESTART_FILE,
    continuity.STORED_TABLE_FILE,
)

_NAME = re.compile(r"(\d{8})-[0-9a-f]{8}")


def begin(checkpoint: CheckpointDir, driver: Claim, restart: str | None = None) -> CheckpointDir:
    """Begins a generation that continues the newest complete one, and deletes the ones before that.

    With a note `restart` (continuity.py) the generation has no progress: its query begins at the
    topic's beginning.
    """
    known = _generations(checkpoint)
    complete = _complete(checkpoint, known)
    previous = complete[-1] if complete else None
    number = _number(known[-1]) + 1 if known else 1
    own = checkpoint / f"{number:08d}-{uuid4().hex[:8]}"
    if restart is not None:
        own.write(continuity.RESTART_FILE, restart)
    elif previous:
        for file in _progress_files(checkpoint / previous):
            (checkpoint / previous).copy(file, own)
    earlier = {name for name in known if previous and name < previous} - {*complete}
    for name in [*complete[:-1], *sorted(earlier)]:
        (checkpoint / name).delete()
    own.write(COMPLETE, str(driver))  # last: only now it is complete
    return own


def _complete(checkpoint: CheckpointDir, names: list[str]) -> list[str]:
    """The complete generations, in the order of their drivers; those of one driver by number."""
    begun = ((name, (checkpoint / name).read(COMPLETE)) for name in names)
    order = {
        name: (Claim.parse(text) or _NO_CLAIM, name) for name, text in begun if text is not None
    }
    return sorted(order, key=lambda name: order[name])


def _generations(checkpoint: CheckpointDir) -> list[str]:
    return [name for name in checkpoint.names() if _NAME.fullmatch(name)]


def _number(name: str) -> int:
    return int(name.partition("-")[0])


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
