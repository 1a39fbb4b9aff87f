"""Which batch failed last, noted in the checkpoint for the process to come.

The connector refreshes the schema whenever a write is planned, and that call never returns in a
session whose control connection has just broken: the query's thread or the one that hands out
metrics then hangs for as long as the JVM lives. So a failed bulk write ends the driver.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from riada_stream.settings import Settings
from riada_stream.source.ranges import Place

NOTE = "failed-batch"


@dataclass(frozen=True)
class FailedBatch:
    """`unwritable`: its messages that are known to fail by themselves → why."""

    batch_id: int
    unwritable: dict[Place, str] = field(default_factory=dict)

    def to_json(self) -> str:
        places = [[*place, why] for place, why in self.unwritable.items()]
        return json.dumps({"batch_id": self.batch_id, "unwritable": places})

    @classmethod
    def from_json(cls, text: str) -> FailedBatch:
        """Raises ValueError. Earlier releases wrote the bare number."""
        found = json.loads(text)
        if isinstance(found, int):
            return cls(found)
        places = {(part, offset): why for part, offset, why in found["unwritable"]}
        return cls(found["batch_id"], places)


def recall(settings: Settings) -> FailedBatch | None:
    try:
        return FailedBatch.from_json(settings.checkpoint.read(NOTE) or "")
    except ValueError:
        return None


def remember(settings: Settings, batch: FailedBatch) -> None:
    settings.checkpoint.write(NOTE, f"{batch.to_json()}\n")
