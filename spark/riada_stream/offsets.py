"""A batch's offsets, from the checkpoint: Spark writes them there before it runs the batch.

Files of Spark 3.5: offsets/N has lines `v1`, metadata, {"TOPIC": {"0": 12}}: where batch N ends;
sources/0/0 has lines `v1`, the same JSON: where batch 0 begins (the first perhaps behind a NUL).
"""

from __future__ import annotations

import json
from pathlib import Path

from riada_stream.settings import TOPIC

Offsets = dict[str, int]


def span(checkpoint: Path, batch_id: int) -> tuple[Offsets, Offsets]:
    """Where a batch begins (inclusive) and ends (exclusive): partition → offset each."""
    end = _read(checkpoint / "offsets" / str(batch_id))
    if batch_id == 0:
        begin = _read(checkpoint / "sources" / "0" / "0")
    else:
        begin = _read(checkpoint / "offsets" / str(batch_id - 1))
    return begin, end


def count(begin: Offsets, end: Offsets) -> int:
    """Records between two places; a partition that `begin` lacks is new and begins at 0."""
    return sum(offset - begin.get(partition, 0) for partition, offset in end.items())


def _read(file: Path) -> Offsets:
    last = file.read_text().rstrip("\n").rsplit("\n", 1)[-1]
    return json.loads(last)[TOPIC]
