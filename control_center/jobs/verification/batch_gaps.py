"""Invariant 2: the batches of a table cover every offset of its topic, one after the other."""

from __future__ import annotations

from datetime import timedelta

from contract.jobs.compare import OffsetGap
from contract.kafka.topics import events
from contract.stores.cassandra.batches import BatchRecord
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs.compare.offsets import gaps
from control_center.pipeline import batches, written

MOST = 5_000  # batches that are read at first, and again if a gap is found
OVERLAP = timedelta(minutes=5)  # between the clocks of two drivers


class BatchGaps:
    """Reads only new batches, once the present ones are known."""

    def __init__(self, clients: Clients, table: Table) -> None:
        self._clients, self._table = clients, table
        self._topic_id = ""
        self._gaps: list[OffsetGap] = []
        self._newest: BatchRecord | None = None

    def known(self) -> list[OffsetGap]:
        """Those whose offsets retention has left. Raises UnreachableError."""
        present = written.present_id(self._clients, self._table)
        if self._newest is None or self._gaps or present != self._topic_id:
            self._read_all(present)
        else:
            since = self._newest.written_at - OVERLAP
            fresh = batches.since(self._clients, self._table, since)
            records = [self._newest, *(item for item in fresh if item.may_be_of(present))]
            self._newest = max(records, key=lambda item: item.written_at)
            if gaps(records, {}):  # a driver whose clock is behind may have written them
                self._read_all(present)
        if not self._gaps:
            return []
        first = self._clients.kafka.earliest(events(self._table).name)
        return [gap for gap in self._gaps if gap.end > first.get(gap.partition, 0)]

    def _read_all(self, present: str) -> None:
        known = batches.last(self._clients, self._table, MOST)
        records = [item for item in known if item.may_be_of(present)]
        self._topic_id, self._gaps = present, gaps(records, {})
        self._newest = max(records, key=lambda item: item.written_at, default=None)
