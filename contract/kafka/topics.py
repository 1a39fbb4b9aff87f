"""The topics of Riada: names and settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract.kafka import retention
from contract.table import topic_names
from contract.table.table import Table
from contract.table.topic_names import PREFIX as PREFIX
from contract.table.topic_names import prefix as prefix

MIB = 1 << 20
# The limits of a table's topic, of a producer (a dead letter holds a message and its own headers),
# and of a broker (the largest request and its batch).
LARGEST_MESSAGE = 8 * MIB
LARGEST_REQUEST = 10 * MIB
LARGEST_BATCH = LARGEST_REQUEST + (64 << 10)
RETENTION_MS, SEGMENT_MS = "retention.ms", "segment.ms"


@dataclass(frozen=True)
class Topic:
    """`partitions` is None where the installation decides. Settings are Kafka's."""

    name: str
    partitions: int | None
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def key_subject(self) -> str:
        """The Schema Registry's subject for this topic's keys."""
        return f"{self.name}-key"

    @property
    def value_subject(self) -> str:
        return f"{self.name}-value"


# The settings of the topics of events.
EVENTS = {
    "cleanup.policy": "delete",
    RETENTION_MS: str(retention.milliseconds(retention.TOPIC)),
    SEGMENT_MS: str(retention.milliseconds(retention.SEGMENT)),
    "max.message.bytes": str(LARGEST_MESSAGE),
}


def events(table: Table) -> Topic:
    """The topic of a table's change events."""
    return Topic(topic_names.events(table), None, EVENTS)


def dead_letters(table: Table) -> Topic:
    """The topic of a table's dead letters."""
    return Topic(
        topic_names.dead_letters(table),
        1,
        {
            "cleanup.policy": "delete",
            RETENTION_MS: str(retention.milliseconds(retention.DEAD_LETTERS)),
            SEGMENT_MS: str(retention.milliseconds(retention.SEGMENT)),
            "max.message.bytes": str(LARGEST_REQUEST),
        },
    )


COMPACTED = {"cleanup.policy": "compact"}
# contract/kafka/capture.py describes its records.
CAPTURE = Topic(topic_names.CAPTURE, 1, COMPACTED)

# The erasures of rows, by mark (control_center/pipeline/erasures/record.py).
ERASURES = Topic(topic_names.ERASURES, 1, COMPACTED)

# Comparisons by the streaming driver (contract/jobs/spark_comparison.py). Its messages have keys of
# rows, so that they expire soon.
COMPARISONS = Topic(
    topic_names.COMPARISONS,
    2,
    {
        "cleanup.policy": "delete",
        RETENTION_MS: str(retention.milliseconds(retention.COMPARISONS)),
        SEGMENT_MS: str(retention.milliseconds(retention.COMPARISONS_SEGMENT)),
        "max.message.bytes": str(LARGEST_MESSAGE),
    },
)
