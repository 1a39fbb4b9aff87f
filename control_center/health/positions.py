"""Where the streaming query of each table is: its newest batch, read from Cassandra only when it
may have changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from contract.kafka.change import UndecodableError
from contract.kafka.topics import events
from contract.stores.cassandra.batches import BatchRecord
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.kafka import Span
from control_center.pipeline import batches, messages, written
from control_center.pipeline.decoder import Decoder

# A query that reads its topic again writes batches that end before the newest one.
FRESH_S = 60.0


@dataclass(frozen=True)
class Position:
    """`newest`: the newest batch of the topic, None before the first. `done`: partition → the
    offset up to which batches cover the topic."""

    newest: BatchRecord | None
    done: Mapping[int, int]


@dataclass(frozen=True)
class _Known:
    at: float
    query: object
    newest: BatchRecord | None


class Positions:
    """Remembers the newest batch of each table. It is not read again while it covers the complete
    topic and the query is the same, for FRESH_S at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._behind: dict[str, tuple[BatchRecord, int | None]] = {}
        self._lock = Lock()

    def of(
        self, clients: Clients, table: Table, spans: Mapping[int, Span], query: object
    ) -> Position:
        """`spans`: partition → first offset and end of the table's topic; `query`: a value that
        changes when the query begins again. Raises UnreachableError."""
        earliest = {part: first for part, (first, _) in spans.items()}
        if all(first == end for first, end in spans.values()):
            return Position(None, earliest)  # nothing can wait
        now = self._clock()
        with self._lock:
            known = self._known.get(table.name)
        if (
            known is None
            or known.query != query
            or now - known.at > FRESH_S
            or not ends_at(known.newest, spans)
        ):
            known = _Known(now, query, _newest(clients, table))
            with self._lock:
                self._known[table.name] = known
        newest = known.newest
        return Position(newest, earliest | (dict(newest.end_offsets) if newest else {}))

    def behind_ms(self, clients: Clients, table: Table, newest: BatchRecord | None) -> int | None:
        """Milliseconds from commit to readable, for the newest row in the newest batch. The
        messages of a batch are read once."""
        if newest is None or not newest.may_be_of(written.present_id(clients, table)):
            return None
        known = self._behind.get(table.name)
        if known is None or known[0] != newest:
            known = self._behind[table.name] = (newest, _behind_ms(clients, table, newest))
        return known[1]


def _newest(clients: Clients, table: Table) -> BatchRecord | None:
    """The newest batch, if it is of the present topic."""
    newest = batches.newest(clients, table)
    if newest is None or not newest.may_be_of(written.present_id(clients, table)):
        return None
    return newest


def ends_at(newest: BatchRecord | None, spans: Mapping[int, Span]) -> bool:
    """Does the batch end where the topic ends? It ends behind a topic that was created again."""
    ends = newest.end_offsets if newest else {}
    return all(ends.get(part, 0) == end for part, (_, end) in spans.items())


def _behind_ms(clients: Clients, table: Table, newest: BatchRecord) -> int | None:
    last = {
        part: end - 1
        for part, end in newest.end_offsets.items()
        if end > newest.start_offsets.get(part, 0)
    }
    decoder = Decoder(clients, table)
    stops = {part: offset + 1 for part, offset in last.items()}
    commits = []
    for message in messages.read(clients, last, stops, events(table).name):
        try:
            commits.append(decoder.event(message.value()).committed_ms)
        except UndecodableError:
            continue
    return round(newest.written_at.timestamp() * 1000) - max(commits) if commits else None
