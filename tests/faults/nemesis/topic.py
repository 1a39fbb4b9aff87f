"""A table's topic is deleted, loses messages that nobody has read, or refuses messages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from contract.kafka import topics
from contract.stream.dags import STREAM
from tests.faults.nemesis.fault import LONG_S, Fault, Promise, Services
from tests.harness.kafka import LARGEST, configure, delete_messages, delete_topic
from tests.harness.platform import Platform
from tests.harness.spark import stop_driver
from tests.harness.workload.table import table

TOPIC = topics.events(table()).name
UNREAD_S = 10


@dataclass(frozen=True)
class TopicDeleted(Fault):
    target: str = "deleted"
    family: ClassVar[str] = "topic"
    promise: Promise = Promise.HALTS
    cause: str = f"topic {TOPIC} was created again"
    remedy: str = "make repair"
    not_proven: ClassVar[str] = "the loss of Connect's own topics one by one"
    quick_targets: ClassVar[frozenset[str]] = frozenset({"deleted"})

    @property
    def effect(self) -> str:
        return "deletes the topic of a table that is written"

    def inject(self, platform: Platform) -> None:
        delete_topic(platform, TOPIC)

    def heal(self, platform: Platform) -> None:
        """Capture makes the topic again."""


@dataclass(frozen=True)
class RetentionOverrun(TopicDeleted):
    target: str = "retention"
    cause: str = "was read to"

    @property
    def effect(self) -> str:
        return "deletes messages of a topic before the driver, which is stopped, has read them"

    def inject(self, platform: Platform) -> None:
        platform.pause(STREAM, True)
        platform.end_runs(STREAM)
        stop_driver(platform)
        time.sleep(UNREAD_S)
        delete_messages(platform, TOPIC)

    def heal(self, platform: Platform) -> None:
        platform.pause(STREAM, False)


@dataclass(frozen=True)
class TopicRefuses(TopicDeleted):
    """Connect's producer dies, or its task fails; the connector manager restarts the task."""

    target: str = "refuses"
    hold_s: float = LONG_S
    promise: Promise = Promise.RECOVERS
    cause: str = ""
    remedy: str = ""

    @property
    def effect(self) -> str:
        return "lets a topic refuse messages of more than 100 bytes for a minute"

    def inject(self, platform: Platform) -> None:
        configure(platform, TOPIC, "max.message.bytes", "100")

    def heal(self, platform: Platform) -> None:
        configure(platform, TOPIC, "max.message.bytes", LARGEST)


def faults(services: Services) -> Iterator[Fault]:
    yield TopicDeleted()
    yield RetentionOverrun()
    yield TopicRefuses()
