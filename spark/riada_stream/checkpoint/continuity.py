"""Does the topic continue at the offsets that the checkpoint has reached?

It does not when Kafka lost its volume, when the topic was created again, or when retention deleted
messages before the driver read them. Spark then fails forever, or it silently skips messages when
the new topic has grown past the old offset. Reading the topic from its beginning is always correct
(invariant 3), and `make repair` restores the rows whose messages the topic no longer holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from contract.stores.cassandra.batches import Offsets
from contract.stores.cassandra.table import qualified
from contract.stream.driver_status import Restart
from contract.table.table import Table
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.source.topics import TopicIdentity, TopicState

IDENTITY_FILE = "log-identity"
RESTART_FILE = "restart"
STORED_TABLE_FILE = "cassandra-table"


def find_lost_table(table: Table, known: str | None, present: str) -> str | None:
    """Why the rows that are written are lost: Cassandra's table has another id than when the
    generation began. None when they are not."""
    if known is None or known == present:
        return None
    return f"cassandra: {qualified(table)} was dropped and is created again"


def find_lost_checkpoint(
    table: Table, known: TopicIdentity | None, has_batches: Callable[[], bool]
) -> str | None:
    """Why there is no progress: every generation but the first inherits the topic's identity. None
    for a table without a record in people.batches, whose query has never run."""
    if known is not None or not has_batches():
        return None
    return f"the checkpoint of {table.name} was lost"


def find_break(
    topic: TopicState, known: TopicIdentity | None, committed: Offsets, planned: Offsets
) -> str | None:
    """Why reading cannot continue; None when it can.

    `known` is the topic's identity when the generation began. Everything before `committed` is
    written. `planned` is the end of the batch after that. Spark plans an end that lies before the
    beginning, and fails, when the topic has become shorter.
    """
    if known and known.topic_id != topic.identity.topic_id:
        return f"topic {topic.name} was created again"
    if known and known.log_id and topic.identity.log_id not in ("", known.log_id):
        return f"Kafka lost the messages of topic {topic.name}"
    return _end_is_too_low(topic, committed, planned) or _messages_expired(topic, committed)


def _end_is_too_low(topic: TopicState, committed: Offsets, planned: Offsets) -> str | None:
    for partition in sorted(committed | planned):
        end = topic.end.get(partition, 0)
        plan = planned.get(partition, end)
        read = max(committed.get(partition, 0), plan)
        ended = min(end, plan)
        if read > ended:
            return f"{topic.name}, partition {partition}, was read to {read} and ended at {ended}"
    return None


def _messages_expired(topic: TopicState, committed: Offsets) -> str | None:
    for partition, first in sorted(topic.first.items()):
        read = committed.get(partition)
        if read is not None and first > read:
            return f"{topic.name}, partition {partition}, was read to {read} and began at {first}"
    return None


def load_identity(checkpoint: CheckpointDir) -> TopicIdentity | None:
    """The topic's identity when the generation began; None before it was saved."""
    text = checkpoint.read(IDENTITY_FILE)
    return TopicIdentity(**json.loads(text)) if text else None


def save_identity(checkpoint: CheckpointDir, identity: TopicIdentity) -> None:
    """Keeps the identity that was saved first, unless that lacks its log_id."""
    known = load_identity(checkpoint)
    if known is None or (identity.log_id and not known.log_id):
        checkpoint.write(IDENTITY_FILE, json.dumps(asdict(identity)))


def load_stored_table(checkpoint: CheckpointDir) -> str | None:
    """The id of Cassandra's table when the generation began; None before it was saved."""
    text = checkpoint.read(STORED_TABLE_FILE)
    return text.strip() if text else None


def save_stored_table(checkpoint: CheckpointDir, table_id: str) -> None:
    if load_stored_table(checkpoint) != table_id:
        checkpoint.write(STORED_TABLE_FILE, f"{table_id}\n")


def last_restart(checkpoint: CheckpointDir) -> Restart | None:
    text = checkpoint.read(RESTART_FILE)
    return Restart.from_json(text) if text else None
