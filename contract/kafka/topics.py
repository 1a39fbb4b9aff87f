"""The topics of Riada: names and settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract.kafka import retention

MIB = 1 << 20
PREFIX = "riada"  # Debezium's topic.prefix
# The limits of the users topic, of a producer (a dead letter holds a message and its own headers),
# and of a broker (the largest request and its batch).
LARGEST_MESSAGE = 8 * MIB
LARGEST_REQUEST = 10 * MIB
LARGEST_BATCH = LARGEST_REQUEST + (64 << 10)


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


USERS = Topic(
    f"{PREFIX}.public.users",
    None,
    {
        "cleanup.policy": "delete",
        "retention.ms": str(retention.milliseconds(retention.TOPIC)),
        "segment.ms": str(retention.milliseconds(retention.SEGMENT)),
        "max.message.bytes": str(LARGEST_MESSAGE),
    },
)
DEAD_LETTERS = Topic(
    f"{USERS.name}.dead-letter",
    1,
    {
        "cleanup.policy": "delete",
        "retention.ms": str(retention.milliseconds(retention.DEAD_LETTERS)),
        "max.message.bytes": str(LARGEST_REQUEST),
    },
)
# contract/kafka/capture.py describes its records.
CAPTURE = Topic(f"{PREFIX}.capture", 1, {"cleanup.policy": "compact"})

TOPICS = (USERS, DEAD_LETTERS, CAPTURE)
