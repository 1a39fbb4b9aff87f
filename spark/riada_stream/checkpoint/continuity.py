"""Does the topic continue what the checkpoint has read?

It does not when Kafka lost its volume, when the topic was created again, or when retention deleted
messages before the driver read them. Spark then fails for ever, or skips messages in silence when
the new topic has grown past the old offset. Reading the topic from its beginning is always correct
(invariant 3); what it does not hold any more `make repair` brings.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial

from py4j.java_gateway import JVMView
from pyspark.sql import SparkSession

from contract.stream.driver_status import Restart
from riada_stream.checkpoint import offsets
from riada_stream.checkpoint.offsets import Offsets
from riada_stream.runtime.folder import Folder
from riada_stream.settings import TOPIC, Settings
from riada_stream.source import topics

IDENTITY = "log-identity"
RESTART = "restart"
NOTES = (IDENTITY, RESTART)
"""Files that a checkpoint hands on to the next one."""


@dataclass(frozen=True)
class Identity:
    """Kafka's id of TOPIC, and the manager's name for what Kafka holds, "" while it is unknown."""

    topic_id: str
    log_id: str = ""


@dataclass(frozen=True)
class Log:
    """TOPIC as Kafka has it; partition → offset of its first message, and of the next to come."""

    identity: Identity
    first: Offsets
    end: Offsets


def broken(log: Log, known: Identity | None, done: Offsets, planned: Offsets) -> str | None:
    """Why reading cannot go on; None when it can.

    `known` is the topic's identity when the checkpoint began; up to `done` all is written;
    `planned` is where the batch after that ends. Spark plans an end before the beginning, and
    fails, when the topic has become shorter.
    """
    if known and known.topic_id != log.identity.topic_id:
        return f"topic {TOPIC} was created again"
    if known and known.log_id and log.identity.log_id not in ("", known.log_id):
        return f"Kafka lost the messages of topic {TOPIC}"
    for partition in sorted(done | planned):
        end = log.end.get(partition, 0)
        plan = planned.get(partition, end)
        if (read := max(done.get(partition, 0), plan)) > (ended := min(end, plan)):
            return f"{TOPIC}, partition {partition}, was read to {read} and ended at {ended}"
    for partition, first in sorted(log.first.items()):
        if first > (offset := done.get(partition, 0)) and partition in done:
            return f"{TOPIC}, partition {partition}, was read to {offset} and began at {first}"
    return None


def check(spark: SparkSession, settings: Settings, log_id: str) -> str | None:
    """broken(), of the checkpoint's own state, which learns the topic's identity here."""
    log = topics.ask(spark, settings, partial(_log, log_id))
    text = settings.checkpoint.read(IDENTITY)
    known = Identity(**json.loads(text)) if text else None
    if known is None or (log_id and not known.log_id):
        settings.checkpoint.write(IDENTITY, json.dumps(asdict(log.identity)))
    done, planned = offsets.reached(settings.checkpoint)
    return broken(log, known, done, planned)


def last_restart(checkpoint: Folder) -> Restart | None:
    text = checkpoint.read(RESTART)
    return Restart.from_json(text) if text else None


def _log(log_id: str, admin, jvm: JVMView) -> Log:
    described = admin.describeTopics(jvm.java.util.List.of(TOPIC)).allTopicNames().get().get(TOPIC)
    spec = jvm.org.apache.kafka.clients.admin.OffsetSpec
    partitions = [partition.partition() for partition in described.partitions()]
    first, end = (_offsets(admin, jvm, partitions, at) for at in (spec.earliest(), spec.latest()))
    return Log(Identity(described.topicId().toString(), log_id), first, end)


def _offsets(admin, jvm: JVMView, partitions: list[int], spec) -> Offsets:
    asked = jvm.java.util.HashMap()
    for number in partitions:
        asked.put(jvm.org.apache.kafka.common.TopicPartition(TOPIC, number), spec)
    found = admin.listOffsets(asked).all().get()
    return {str(partition.partition()): found.get(partition).offset() for partition in asked}
