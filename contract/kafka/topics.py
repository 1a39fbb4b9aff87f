"""The topics that Riada makes: names and settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract.kafka import retention

MIB = 1 << 20


@dataclass(frozen=True)
class Topic:
    """`partitions` is None where the installation decides. Settings are Kafka's."""

    name: str
    partitions: int | None
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def key_subject(self) -> str:
        """The subject in the Schema Registry of this topic's keys."""
        return f"{self.name}-key"

    @property
    def value_subject(self) -> str:
        return f"{self.name}-value"


USERS = Topic(
    "riada.public.users",
    None,
    {
        "cleanup.policy": "delete",
        "retention.ms": str(retention.milliseconds(retention.TOPIC)),
        "segment.ms": str(retention.milliseconds(retention.SEGMENT)),
        "max.message.bytes": str(8 * MIB),
    },
)
DEAD_LETTERS = Topic(
    f"{USERS.name}.dead-letter",
    1,
    {
        "cleanup.policy": "delete",
        "retention.ms": str(retention.milliseconds(retention.DEAD_LETTERS)),
        "max.message.bytes": str(10 * MIB),
    },
)
CAPTURE = Topic("riada.capture", 1, {"cleanup.policy": "compact"})
"""contract/kafka/capture.py"""

TOPICS = (USERS, DEAD_LETTERS, CAPTURE)
