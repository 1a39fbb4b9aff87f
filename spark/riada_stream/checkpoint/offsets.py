"""The offsets of a batch, from the checkpoint. Spark writes them there before it runs the batch.

Files of Spark 3.5: offsets/N has the lines `v1`, metadata, {"TOPIC": {"0": 12}}, the end of batch
N. sources/0/0 has the lines `v1` and the same JSON, the beginning of batch 0. A NUL may precede its
first line.
"""

from __future__ import annotations

import json
from functools import lru_cache

from contract.stores.cassandra.batches import Offsets
from riada_stream.runtime.checkpoint_dir import CheckpointDir


class DamagedError(Exception):
    """A file of the checkpoint is missing or cannot be read, such as an empty one after a power
    loss."""


def batch_span(checkpoint: CheckpointDir, batch_id: int) -> tuple[Offsets, Offsets]:
    """The begin (inclusive) and the end (exclusive) of a batch."""
    end = _read(checkpoint, f"offsets/{batch_id}")
    begin = _read(checkpoint, f"offsets/{batch_id - 1}" if batch_id else "sources/0/0")
    return begin, end


def progress(checkpoint: CheckpointDir) -> tuple[Offsets, Offsets]:
    """The end of the newest committed batch, and the end of the newest planned batch. Each is {}
    when there is no such batch. Raises DamagedError."""
    committed = newest_batch(checkpoint, "commits")
    planned = newest_batch(checkpoint, "offsets")
    try:
        if committed >= 0:
            _check_commit(checkpoint, committed)
        return (
            _read(checkpoint, f"offsets/{committed}") if committed >= 0 else {},
            _read(checkpoint, f"offsets/{planned}") if planned >= 0 else {},
        )
    except (FileNotFoundError, ValueError, AttributeError) as error:
        raise DamagedError(f"the checkpoint is damaged: {error or type(error).__name__}") from error


def newest_batch(checkpoint: CheckpointDir, log: str) -> int:
    """The number of the newest batch in one of Spark's logs; -1 when it is empty."""
    return max(batches(checkpoint, log), default=-1)


def batches(checkpoint: CheckpointDir, log: str) -> list[int]:
    """The numbers of the batches in one of Spark's logs: `offsets` or `commits`."""
    return [int(name) for name in checkpoint.names(log) if name.isdigit()]


def message_count(begin: Offsets, end: Offsets) -> int:
    """Messages between two positions. A partition that `begin` lacks is new and begins at 0."""
    return sum(offset - begin.get(partition, 0) for partition, offset in end.items())


def _check_commit(checkpoint: CheckpointDir, batch: int) -> None:
    """commits/N has the lines `v1` and a JSON object. Spark fails for ever without them."""
    name = f"commits/{batch}"
    version, _, text = (checkpoint.read(name) or "").lstrip("\0").partition("\n")
    if not version.startswith("v") or not isinstance(json.loads(text), dict):
        raise ValueError(f"{checkpoint}/{name} is no commit of a batch")


@lru_cache(maxsize=256)
def _read(checkpoint: CheckpointDir, name: str) -> Offsets:
    """Cached, because these files never change and one batch's end is the next one's beginning."""
    text = checkpoint.read(name)
    if text is None:
        raise FileNotFoundError(f"{checkpoint}/{name}")
    last_line = text.rstrip("\n").rsplit("\n", 1)[-1]
    try:
        offsets: Offsets = next(iter(json.loads(last_line).values()), {})  # a query reads one topic
    except ValueError as error:
        raise ValueError(f"{checkpoint}/{name} ends with {last_line[:80]!r}") from error
    return {int(number): offset for number, offset in offsets.items()}
