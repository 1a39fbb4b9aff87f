"""Reads the topic of a table in parts, into the newest events and an account of all offsets."""

from __future__ import annotations

from collections.abc import Collection

from contract.kafka.change import UndecodableError
from contract.stores.cassandra.batches import Offsets
from contract.table.digest import digest
from contract.table.table import Table
from control_center.jobs.compare.digest import Digest
from control_center.jobs.compare.newest_events import NewestEvent, NewestEvents
from control_center.jobs.compare.offsets import OffsetAccount
from control_center.jobs.compare.reader import TopicSource


class TopicReader:
    """Begins at `start`; each `read` continues where the last one ended. `dead_letters`: where the
    dead letters of these messages begin, the first one by default."""

    def __init__(
        self,
        table: Table,
        source: TopicSource,
        start: Offsets,
        dead_letters: Offsets | None = None,
    ) -> None:
        self._table, self._source = table, source
        self._next = dict(start)
        self._dead_letters_next = dead_letters or source.dead_letters_earliest()
        self.offsets, self.newest = OffsetAccount(), NewestEvents()

    def read(self, end: Offsets, only: Collection[str] | None = None) -> None:
        """Reads the messages before `end`. With `only`, events of other rows are counted, and
        not kept. A refused message is not decoded: its bytes may be anything."""
        self._read_dead_letters()
        start, self._next = self._next, self._next | end
        self.offsets.expected += sum(
            max(0, stop - start.get(part, 0)) for part, stop in end.items()
        )
        for message, value in self._source.messages(start, end):
            self.offsets.read += 1
            if self.offsets.has_dead_letter(message):
                self.offsets.refused.add(message.place)
                continue
            try:
                event = self._source.decode(value)
            except UndecodableError as error:
                self.offsets.undecodable[message] = str(error)
                continue
            self.offsets.events += 1
            if only is None or event.key in only:
                row_digest = None if event.deleted else digest(self._table, event.row)
                self.newest.add(event.key, NewestEvent(event.version, row_digest, *message.place))

    def digests(self, keys: Collection[str]) -> dict[str, Digest]:
        """Key → digest of those of these rows whose newest event is not a delete."""
        events = {key: self.newest.get(key) for key in keys}
        return {
            key: event.digest
            for key, event in events.items()
            if event is not None and event.digest is not None
        }

    def _read_dead_letters(self) -> None:
        end = self._source.dead_letters_end()
        self.offsets.origins.update(self._source.origins(self._dead_letters_next, end))
        self._dead_letters_next = end
