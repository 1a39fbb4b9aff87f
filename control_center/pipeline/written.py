"""How far the topic of a table goes, and how far its query has written it or refused its messages.

Every function raises UnreachableError.
"""

from __future__ import annotations

import time

from confluent_kafka.admin import OffsetSpec

from contract.kafka import retention, topic_id
from contract.kafka.topics import events
from contract.stores.cassandra.batches import BatchRecord, Offsets
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline import batches


def ends(clients: Clients, table: Table) -> Offsets:
    """The ends (exclusive) of the topic's partitions."""
    return clients.kafka.offsets(events(table).name)


def offsets(clients: Clients, table: Table) -> Offsets:
    """The ends (exclusive) of what is written; those of the topic before the first batch."""
    newest = batches.newest(clients, table)
    reached = ends(
        clients, table
    )  # after the batch, so that a batch beyond it is of a former topic
    return reached if newest is None else cut(reached, newest, present_id(clients, table))


def recorded(clients: Clients, table: Table) -> Offsets:
    """The ends (exclusive) of what batches record as written. Without a batch these are messages
    that are so old that their batch's record has expired: a new query has written nothing."""
    newest = batches.newest(clients, table)
    reached = ends(clients, table)
    if newest is not None:
        return cut(reached, newest, present_id(clients, table))
    expired = round((time.time() - retention.BATCHES.total_seconds()) * 1000)
    kept = clients.kafka.offsets(events(table).name, OffsetSpec.for_timestamp(expired))
    return {part: kept[part] if kept.get(part, -1) >= 0 else end for part, end in reached.items()}


def present_id(clients: Clients, table: Table) -> str:
    """The id of the table's topic as batches record it."""
    return topic_id.printed(clients.kafka.topic_id(events(table).name))


def cut(reached: Offsets, newest: BatchRecord, present: str) -> Offsets:
    """The newest batch's ends; 0 for a partition that is in no batch yet. A batch of a topic with
    another id than the present one, or beyond its end, is of a topic that was made again: nothing
    of the present one is written."""
    ends = newest.end_offsets
    is_former = not newest.may_be_of(present) or any(
        ends.get(part, 0) > end for part, end in reached.items()
    )
    return {part: 0 if is_former else ends.get(part, 0) for part in reached}
