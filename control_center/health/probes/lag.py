"""Delivery: how many messages on the topic are in no batch yet, and for how long do they wait?"""

from __future__ import annotations

import time
from dataclasses import dataclass

from contract.health.details.lag import LagDetails
from contract.health.result import ProbeResult
from contract.stores.cassandra.batches import BatchRecord
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.health.outcome import Outcome
from control_center.pipeline import batches, messages
from control_center.pipeline.decoder import Decoder
from control_center.pipeline.events import UndecodableError

OUTCOME = Outcome("lag", "spark-driver")
# A batch takes seconds. The first one of a new driver takes up to 20 s, and is reported.
STALLED_S = 15


@dataclass(frozen=True)
class Position:
    """`waiting`: partition → messages in no batch; ages in seconds, None if no message or batch
    exists."""

    waiting: dict[int, int]
    oldest_waiting_s: float | None
    newest_batch_s: float | None
    behind_ms: int | None


def probe(clients: Clients) -> ProbeResult:
    ends = clients.kafka.offsets(TOPIC)
    newest = batches.newest(clients)
    done = clients.kafka.earliest(TOPIC) | (newest.end_offsets if newest else {})
    waiting = batches.waiting(ends, done)
    first_waiting = {part: done.get(part, 0) for part, count in waiting.items() if count}
    return evaluate(
        Position(
            waiting=waiting,
            oldest_waiting_s=_age(clients, first_waiting),
            newest_batch_s=time.time() - newest.written_at.timestamp() if newest else None,
            behind_ms=_behind(clients, newest) if newest and not first_waiting else None,
        ),
        STALLED_S * clients.settings.patience,
    )


def evaluate(position: Position, stalled_s: float = STALLED_S) -> ProbeResult:
    """Messages that wait are not a failure as long as batches are written."""
    count = sum(position.waiting.values())
    details = LagDetails(
        waiting=count,
        waiting_by_partition={str(part): number for part, number in position.waiting.items()},
        oldest_waiting_s=_round(position.oldest_waiting_s),
        newest_batch_s=_round(position.newest_batch_s),
        behind_ms=position.behind_ms,
    )
    if not count:
        behind = "" if position.behind_ms is None else f", {position.behind_ms:,} ms behind"
        return OUTCOME.ok(f"all rows delivered{behind}", details)
    oldest_s = position.oldest_waiting_s or 0.0
    batch_s = position.newest_batch_s
    stalled = oldest_s if batch_s is None else min(oldest_s, batch_s)
    if stalled > stalled_s:
        return OUTCOME.fail(
            f"the Spark driver has written nothing for {stalled:.0f} s: {count:,} rows wait",
            details,
        )
    return OUTCOME.ok(f"{count:,} rows are on their way, the oldest for {oldest_s:.1f} s", details)


def _age(clients: Clients, first: dict[int, int]) -> float | None:
    """Seconds since the oldest of the messages at these offsets came to the topic."""
    end = {part: offset + 1 for part, offset in first.items()}
    stamps = [message.timestamp()[1] for message in messages.read(clients, first, end)]
    return max(0.0, time.time() - min(stamps) / 1000) if stamps else None


def _behind(clients: Clients, newest: BatchRecord) -> int | None:
    """Milliseconds from commit to readable, for the newest person in the newest batch."""
    last = {
        part: end - 1
        for part, end in newest.end_offsets.items()
        if end > newest.start_offsets.get(part, 0)
    }
    decoder = Decoder(clients)
    commits = []
    for message in messages.read(clients, last, {part: at + 1 for part, at in last.items()}):
        try:
            commits.append(decoder.event(message.value()).committed_ms)
        except UndecodableError:
            continue
    return round(newest.written_at.timestamp() * 1000) - max(commits) if commits else None


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
