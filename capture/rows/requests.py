"""Requests of the existing rows of tables, and what the record of capture says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from capture.clients.log import Log
from capture.clients.postgres import Postgres
from capture.clients.source import Source, UnavailableError
from capture.restarts import Backoff
from capture.rows.tables import (
    UNREAD,
    IsStreamed,
    Tables,
    first,
    needed,
    record,
    relation,
    with_result,
)
from contract.kafka.capture import Capture, CapturedTable
from contract.kafka.topics import events
from contract.stores.postgres.publication import PUBLICATION
from contract.table.table import Table


@dataclass
class RowRequests:
    """Requests rows of the tables of one database."""

    postgres: Postgres
    log: Log
    is_streamed: IsStreamed
    clock: Callable[[], float]
    report: Callable[[str], None]
    _pauses: Backoff = field(default_factory=lambda: Backoff(1, 60))
    _attempts: Counter[str] = field(default_factory=Counter)
    # Name of a table and its oid in the publication → a transaction above all that ran then.
    _published: dict[tuple[str, int], int] = field(default_factory=dict)
    _waiting: dict[str, str] = field(default_factory=dict)

    def follow(self, captured: Capture, source: Source, tables: Tables) -> Capture:
        """Asks for the existing rows of tables that are new, have new columns or lost their topic.
        `tables` are published. Returns the record of capture, published if it changed. An
        interruption between request and record does no harm: the rows come twice."""
        if source.slot is None or source.slot.confirmed_lsn is None:
            return captured  # rows of a request from before the slot would never come
        if new := [table for name, table in tables.items() if name not in captured.tables]:
            self.log.make_topics(new)
        topic_ids = self.topic_ids(tables)
        reasons = self._now(self._wanted(captured, source, tables, topic_ids))
        requested = self.records(reasons, captured, tables, topic_ids)
        if reasons:
            self.postgres.request_rows(captured.epoch, with_oids(source, reasons, tables))
            for name, reason in reasons.items():
                self.report(f"requested the existing rows of table {name}: {reason}")
        if left := captured.tables.keys() - tables.keys():
            self.postgres.leave(left)
            for name in sorted(left):
                self.report(f"table {name} is no longer captured")
        known = {
            name: with_result(
                requested.get(name),
                before,
                tables[name],
                name in source.scans and source.scans[name].read,
                source.scans[name].failure if name in source.scans else None,
            )
            for name, before in captured.tables.items()
            if name in tables
        }
        followed = replace(captured, tables=requested | known)
        if followed != captured:
            self.log.publish(followed)
        return followed

    def records(
        self,
        names: Iterable[str],
        captured: Capture | None,
        tables: Tables,
        topic_ids: Mapping[str, str],
    ) -> dict[str, CapturedTable]:
        """What the record says of tables whose rows are requested now."""
        before = captured.tables if captured else {}
        return {
            name: record(tables[name], topic_ids[name], before.get(name), self.is_streamed)
            for name in names
        }

    def topic_ids(self, tables: Tables) -> dict[str, str]:
        """Name of a table → Kafka's id of its events topic."""
        ids = self.log.topic_ids([events(table).name for table in tables.values()])
        try:
            return {name: ids[events(table).name] for name, table in tables.items()}
        except KeyError as error:
            raise UnavailableError(f"Kafka: topic {error} is missing") from error

    def published(self, source: Source, tables: Tables) -> Tables:
        """Those of a release that PostgreSQL publishes."""
        published = {}
        for name, table in tables.items():
            if relation(table) in source.members:
                published[name] = table
            else:
                self._wait(name, f"publication {PUBLICATION} does not hold {relation(table)} yet")
        return published

    def readable(self, source: Source, tables: Tables) -> Tables:
        """Those of published tables that the role may read. One that it may not read would end the
        reading of the others."""
        readable = {}
        for name, table in tables.items():
            if remedy := source.members[relation(table)].unreadable:
                self._wait(name, f"capture may not read its existing rows: {remedy}")
            else:
                readable[name] = table
        return readable

    def _wanted(
        self, captured: Capture, source: Source, tables: Tables, topic_ids: Mapping[str, str]
    ) -> dict[str, str]:
        """Name of a table whose rows may be requested now → why they are."""
        wanted = needed(
            tables,
            captured.tables,
            topic_ids,
            [name for name, scan in source.scans.items() if scan.failure],
            [
                name
                for name, table in tables.items()
                if not source.is_requested(name, relation(table))
            ],
            self.is_streamed,
        )
        readable = self.readable(source, {name: tables[name] for name in wanted})
        return {
            name: wanted[name]
            for name, table in readable.items()
            if self._is_complete(source, name, relation(table))
        }

    def _is_complete(self, source: Source, name: str, of: str) -> bool:
        """Have all transactions ended that ran when the publication got the table? It has no
        earlier change of theirs, and a request before they commit would not see it either."""
        oid, scan, oldest = source.members[of].oid, source.scans.get(name), source.oldest
        if scan is None or scan.published != oid:
            if (name, oid) not in self._published:
                self._published[name, oid], oldest = self.postgres.transaction()
            if oldest < self._published[name, oid]:
                self._wait(name, "a transaction from before it was published has not ended")
                return False
        self._waiting.pop(name, None)
        return True

    def _wait(self, name: str, cause: str) -> None:
        if self._waiting.get(name) != cause:
            self.report(f"table {name} waits: {cause}")
        self._waiting[name] = cause

    def _now(self, reasons: Mapping[str, str]) -> dict[str, str]:
        """Those of the tables to ask for in this round. Only repeated attempts wait."""
        chosen = first(reasons, self._attempts)
        if UNREAD in chosen.values():
            if not self._pauses.ready(self.clock()):
                return {}
            self._pauses.take(self.clock())
            self._attempts.update(chosen.keys())
        return chosen


def with_oids(source: Source, names: Iterable[str], tables: Tables) -> dict[str, tuple[Table, int]]:
    return {name: (tables[name], source.members[relation(tables[name])].oid) for name in names}
