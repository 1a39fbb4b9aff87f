"""The batch that failed last, noted in the checkpoint for the next attempt to write it.

It is in the checkpoint because a failure may end the driver. The Cassandra connector refreshes the
schema whenever a write is planned, and that call never returns in a session whose control
connection has just broken. The query's thread, or the thread that serves metrics, then hangs for as
long as the JVM lives.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from contract.kafka.offsets import TopicOffset
from riada_stream.runtime.checkpoint_dir import CheckpointDir

FILE = "failed-batch"


@dataclass(frozen=True)
class FailedBatch:
    """`unwritable`: the messages that are known to fail by themselves → the reason."""

    batch_id: int
    unwritable: dict[TopicOffset, str] = field(default_factory=dict)

    def to_json(self) -> str:
        messages = [[*message, reason] for message, reason in self.unwritable.items()]
        return json.dumps({"batch_id": self.batch_id, "unwritable": messages})

    @classmethod
    def from_json(cls, text: str) -> FailedBatch:
        """Raises ValueError. Earlier releases wrote the number alone."""
        value = json.loads(text)
        if isinstance(value, int):
            return cls(value)
        return cls(
            value["batch_id"],
            {
                TopicOffset(partition, offset): reason
                for partition, offset, reason in value["unwritable"]
            },
        )


def load(checkpoint: CheckpointDir) -> FailedBatch | None:
    """None when no batch has failed, or the note cannot be read."""
    try:
        return FailedBatch.from_json(checkpoint.read(FILE) or "")
    except ValueError:
        return None


def save(checkpoint: CheckpointDir, batch: FailedBatch) -> None:
    checkpoint.write(FILE, f"{batch.to_json()}\n")
