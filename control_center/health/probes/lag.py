"""Delivery: how many messages are on the topic and in no batch, and since when do they wait?"""

from __future__ import annotations

import time
from dataclasses import dataclass

from contract.errors import UnreachableError
from contract.stream.batches import BatchRecord
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.health.result import ProbeResult, ProbeState
from control_center.pipeline import batches, messages

NAME = "lag"
COMPONENT = "spark-driver"
STALLED_S = 15
"""A batch takes seconds; of a driver that has just begun the first takes up to 20: that is told."""


@dataclass(frozen=True)
class Position:
    """`waiting`: partition → messages in no batch; ages in seconds, None where there is none."""

    waiting: dict[int, int]
    oldest_waiting_s: float | None
    newest_batch_s: float | None
    behind_ms: int | None


def probe(clients: Clients) -> ProbeResult:
    try:
        ends = clients.kafka.offsets(TOPIC)
        newest = batches.newest(clients)
        done = clients.kafka.earliest(TOPIC) | (newest.end_offsets if newest else {})
        waiting = batches.waiting(ends, done)
        late = {part: done.get(part, 0) for part, count in waiting.items() if count}
        return evaluate(
            Position(
                waiting=waiting,
                oldest_waiting_s=_age(clients, late),
                newest_batch_s=time.time() - newest.written_at.timestamp() if newest else None,
                behind_ms=_behind(clients, newest) if newest and not late else None,
            ),
            STALLED_S * clients.settings.patience,
        )
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component)


def evaluate(at: Position, stalled_s: float = STALLED_S) -> ProbeResult:
    """Messages that wait are no failure as long as batches come."""
    count = sum(at.waiting.values())
    evidence = {
        "waiting": count,
        "waiting_by_partition": {str(part): number for part, number in at.waiting.items()},
        "oldest_waiting_s": _round(at.oldest_waiting_s),
        "newest_batch_s": _round(at.newest_batch_s),
        "behind_ms": at.behind_ms,
    }
    if not count:
        behind = "" if at.behind_ms is None else f", {at.behind_ms:,} ms behind"
        return ProbeResult(NAME, ProbeState.OK, f"all rows delivered{behind}", COMPONENT, evidence)
    oldest = at.oldest_waiting_s or 0.0
    since_batch = oldest if at.newest_batch_s is None else min(oldest, at.newest_batch_s)
    if since_batch > stalled_s:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the Spark driver has written nothing for {since_batch:.0f} s: {count:,} rows wait",
            COMPONENT,
            evidence,
        )
    summary = f"{count:,} rows are on their way, the oldest for {oldest:.1f} s"
    return ProbeResult(NAME, ProbeState.OK, summary, COMPONENT, evidence)


def _age(clients: Clients, first: dict[int, int]) -> float | None:
    """How long the oldest message at these offsets has been on the topic."""
    end = {part: offset + 1 for part, offset in first.items()}
    stamps = [message.timestamp()[1] for message in messages.read(clients, first, end)]
    return max(0.0, time.time() - min(stamps) / 1000) if stamps else None


def _behind(clients: Clients, newest: BatchRecord) -> int | None:
    """Commit → readable of the newest person in the newest batch, in milliseconds."""
    last = {
        part: end - 1
        for part, end in newest.end_offsets.items()
        if end > newest.start_offsets.get(part, 0)
    }
    decoder = messages.Decoder(clients)
    commits = []
    for message in messages.read(clients, last, {part: at + 1 for part, at in last.items()}):
        try:
            commits.append(decoder.event(message.value()).committed_ms)
        except messages.UndecodableError:
            continue
    return round(newest.written_at.timestamp() * 1000) - max(commits) if commits else None


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
