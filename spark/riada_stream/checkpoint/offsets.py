"""A batch's offsets, from the checkpoint: Spark writes them there before it runs the batch.

Files of Spark 3.5: offsets/N has lines `v1`, metadata, {"TOPIC": {"0": 12}}: where batch N ends;
sources/0/0 has lines `v1`, the same JSON: where batch 0 begins (the first perhaps behind a NUL).
"""

from __future__ import annotations

import json
from functools import lru_cache

from riada_stream.runtime.folder import Folder
from riada_stream.settings import TOPIC

Offsets = dict[str, int]


def span(checkpoint: Folder, batch_id: int) -> tuple[Offsets, Offsets]:
    """Where a batch begins (inclusive) and ends (exclusive): partition → offset each."""
    end = _read(checkpoint, f"offsets/{batch_id}")
    begin = _read(checkpoint, f"offsets/{batch_id - 1}" if batch_id else "sources/0/0")
    return begin, end


def reached(checkpoint: Folder) -> tuple[Offsets, Offsets]:
    """Where the newest batch that is done ends, and the newest planned one; {} before one is."""
    done, planned = newest(checkpoint, "commits"), newest(checkpoint, "offsets")
    written = _read(checkpoint, f"offsets/{done}") if done >= 0 else {}
    return written, _read(checkpoint, f"offsets/{planned}") if planned >= 0 else {}


def newest(checkpoint: Folder, log: str) -> int:
    """The number of the newest batch in a log of Spark's; -1 when there is none."""
    return max(batches(checkpoint, log), default=-1)


def batches(checkpoint: Folder, log: str) -> list[int]:
    """Numbers of the batches in a log of Spark's: offsets, commits."""
    return [int(name) for name in checkpoint.names(log) if name.isdigit()]


def count(begin: Offsets, end: Offsets) -> int:
    """Records between two places; a partition that `begin` lacks is new and begins at 0."""
    return sum(offset - begin.get(partition, 0) for partition, offset in end.items())


@lru_cache(maxsize=4)
def _read(checkpoint: Folder, name: str) -> Offsets:
    """Read once: no such file changes, and one batch's end is where the next begins."""
    text = checkpoint.read(name)
    if text is None:
        raise FileNotFoundError(f"{checkpoint}/{name}")
    return json.loads(text.rstrip("\n").rsplit("\n", 1)[-1])[TOPIC]
