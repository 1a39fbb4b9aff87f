"""Every version of one row that the topic still holds, with its path through the stages.

A child process reads the topic. It frees its memory when it ends, and the pages are served
meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contract.errors import UnreachableError
from contract.json_record import JsonRecord
from contract.kafka import topics
from contract.kafka.change import Event, UndecodableError
from contract.stores.cassandra.batches import BatchRecord
from contract.stream.trace import RowVersion, RowVersions
from contract.table.instant import EPOCH, moment
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline import batches, messages
from control_center.pipeline.at_most import AtMost
from control_center.pipeline.decoder import AvroDecoder, Decoder
from control_center.pipeline.masking import masked
from control_center.pipeline.stage_timestamps import StageTimestamps, iso, lsn_text
from control_center.pipeline.topic_message import TopicMessage
from control_center.pipeline.trace import CLOCKS

TIMEOUT_S = 300
READINGS = AtMost(2, "searches for all versions of a row")  # a child process of 60 MiB each
OPERATIONS = {"c": "insert", "u": "update", "d": "delete", "r": "snapshot"}


@dataclass(frozen=True)
class VersionsRequest(JsonRecord):
    """`key`: the key's text. `partition`: the partition of the newest event, if it is known. The
    other events are in it too, unless the topic has got more partitions since. None: all partitions
    are read."""

    table: str
    key: str
    partition: int | None
    unmasked: bool = False


@dataclass(frozen=True)
class DecodedEvent:
    """An event of the row, and the message from which it was decoded."""

    message: TopicMessage
    event: Event
    record: Mapping[str, Any]


def versions(table: Table, key: str, partition: int | None, unmasked: bool = False) -> RowVersions:
    """The versions that a child process finds; raises UnreachableError and TooManyReadingsError."""
    request = VersionsRequest(table.name, key, partition, unmasked)
    with READINGS.permit():
        child = subprocess.run(
            [sys.executable, "-m", "control_center.pipeline.versions"],
            input=json.dumps(request.to_json()),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )
    if child.returncode:
        raise unreachable(child.stderr)
    return RowVersions.from_json(json.loads(child.stdout))


def unreachable(trace: str) -> UnreachableError:
    """The error at the end of the child's trace, as an error of the component that it names."""
    last_line = (trace.strip().splitlines() or ["no cause given"])[-1]
    raised, _, message = last_line.partition("UnreachableError: ")
    component, _, cause = message.partition(": ")
    if raised and cause:
        return UnreachableError(component, cause)
    return UnreachableError("control-center", last_line)


def find(clients: Clients, request: VersionsRequest) -> RowVersions:
    """Raises UnreachableError."""
    table = clients.table(request.table)
    topic = topics.events(table).name
    ends, starts = clients.kafka.offsets(topic), clients.kafka.earliest(topic)
    if request.partition is not None:
        ends = {request.partition: ends[request.partition]}
    read, events = events_of(
        map(TopicMessage.of, messages.read(clients, starts, ends, topic)),
        request.key,
        Decoder(clients, table),
    )
    written = _batches(clients, table, events)
    return RowVersions(read, build(table, events, written, request.unmasked))


def events_of(
    topic: Iterable[TopicMessage], key: str, decoder: AvroDecoder
) -> tuple[int, list[DecodedEvent]]:
    """The number of messages, and the events among them with this key. Undecodable messages are
    left out, because they are among the dead letters."""
    read, events = 0, []
    for message in topic:
        read += 1
        if decoder.key(message.key) != key:
            continue
        try:
            record = decoder.record(message.value)
            events.append(DecodedEvent(message, decoder.event(message.value), record))
        except UndecodableError:
            continue
    return read, events


def build(
    table: Table, events: Sequence[DecodedEvent], written: Sequence[BatchRecord], unmasked: bool
) -> tuple[RowVersion, ...]:
    """The events as versions, newest first. `written`: the batches that may cover them."""
    result = [_version(table, item, written, unmasked) for item in events]
    return tuple(sorted(result, key=lambda version: version.position, reverse=True))


def _batches(clients: Clients, table: Table, events: Sequence[DecodedEvent]) -> list[BatchRecord]:
    moments = [at for item in events if (at := moment(item.event.committed_ms))]
    return batches.since(clients, table, max(min(moments), EPOCH) - CLOCKS) if moments else []


def _version(
    table: Table, item: DecodedEvent, written: Sequence[BatchRecord], unmasked: bool
) -> RowVersion:
    place, event = item.message.place, item.event
    batch = next((batch for batch in written if batch.covers(*place)), None)
    times = StageTimestamps.of(moment(event.committed_ms), moment(item.message.timestamp_ms), batch)
    return RowVersion(
        operation=OPERATIONS.get(event.op, event.op),
        position=event.version,
        lsn=lsn_text(event.lsn),
        committed_at=iso(times.committed),
        partition=place.partition,
        offset=place.offset,
        on_topic_at=iso(times.on_topic),
        batch=batch.batch_id if batch else None,
        written_at=iso(times.written),
        milliseconds=times.milliseconds(),
        record=item.record if unmasked else masked(table, item.record),
    )


if __name__ == "__main__":
    answer = find(Clients(), VersionsRequest.from_json(json.load(sys.stdin)))
    print(json.dumps(answer.to_json(), default=str))  # an unmasked record may hold bytes
