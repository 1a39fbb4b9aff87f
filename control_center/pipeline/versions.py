"""Every version of one person that the topic still holds, each with its way.

The topic is read by a child process: it gives its memory back, and the pages are served meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from contract.errors import UnreachableError
from contract.stream.batches import BatchRecord
from contract.table.instant import EPOCH, moment
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.pipeline import batches, messages
from control_center.pipeline.masking import masked
from control_center.pipeline.trace import CLOCKS, StageTimestamps, iso, lsn

LONGEST_S = 300
OPERATIONS = {"c": "insert", "u": "update", "d": "delete", "r": "snapshot"}


@dataclass(frozen=True)
class Versions:
    """`read`: how many messages were looked at for them."""

    read: int
    versions: list[dict[str, Any]]


def versions(key: str, partition: int | None, unmasked: bool = False) -> Versions:
    """What `find` finds, by a child; raises UnreachableError."""
    done = subprocess.run(
        [sys.executable, "-m", "control_center.pipeline.versions"],
        input=json.dumps({"key": key, "partition": partition, "unmasked": unmasked}),
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )
    if done.returncode:
        last_line = (done.stderr.strip().splitlines() or ["no cause given"])[-1]
        raised, _, message = last_line.partition("UnreachableError: ")
        component, _, cause = message.partition(": ")
        if raised and cause:  # the child could not reach a component
            raise UnreachableError(component, cause)
        raise UnreachableError("control-center", last_line)
    return Versions(**json.loads(done.stdout))


def find(clients: Clients, key: str, partition: int | None, unmasked: bool) -> Versions:
    """The versions of the person with this id, newest first. `partition`: where the newest is, if
    that is known: the others are there too unless the topic has grown partitions since. All are
    read else. Raises UnreachableError."""
    ends, starts = clients.kafka.offsets(TOPIC), clients.kafka.earliest(TOPIC)
    if partition is not None:
        ends = {partition: ends[partition]}
    wanted, decoder, read, found = key.lower().encode(), messages.Decoder(clients), 0, []
    for message in messages.read(clients, starts, ends):
        read += 1
        if wanted not in (message.key() or b""):
            continue
        try:
            found.append((message, decoder.record(message.value())))
        except messages.UndecodableError:
            continue  # it is among the dead letters
    events = [(message, messages.Event.of(record), record) for message, record in found]
    written = _batches(clients, [event.committed_ms for _, event, _ in events])
    told = [
        _version(*messages.place(message), message.timestamp()[1], event, record, written, unmasked)
        for message, event, record in events
    ]
    return Versions(read, sorted(told, key=lambda one: one["position"], reverse=True))


def _batches(clients: Clients, commits: list[int]) -> list[BatchRecord]:
    moments = [committed for ms in commits if (committed := moment(ms))]
    return batches.since(clients, max(min(moments), EPOCH) - CLOCKS) if moments else []


def _version(
    partition: int,
    offset: int,
    produced_ms: int,
    event: messages.Event,
    record: dict[str, Any],
    written: list[BatchRecord],
    unmasked: bool,
) -> dict[str, Any]:
    batch = next((one for one in written if one.covers(partition, offset)), None)
    times = StageTimestamps(
        moment(event.committed_ms),
        moment(produced_ms),
        batch.started_at if batch else None,
        batch.written_at if batch else None,
    )
    return {
        "operation": OPERATIONS.get(event.op, event.op),
        "position": event.version,
        "lsn": lsn(event.lsn),
        "committed_at": iso(times.committed),
        "partition": partition,
        "offset": offset,
        "on_topic_at": iso(times.on_topic),
        "batch": batch.batch_id if batch else None,
        "written_at": iso(times.written),
        "milliseconds": times.milliseconds(),
        "record": record if unmasked else masked(record),
    }


if __name__ == "__main__":
    print(json.dumps(find(Clients(), **json.load(sys.stdin)).__dict__))
