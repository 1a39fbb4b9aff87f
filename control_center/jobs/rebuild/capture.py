"""Capture as a rebuild sees it: the epoch of a database, and what Debezium has not read in it."""

from __future__ import annotations

from dataclasses import dataclass

from contract.errors import UnreachableError
from contract.kafka.capture import TOPIC, EpochRequest, request_key
from contract.kafka.topics import events
from control_center.clients.clients import Clients
from control_center.health.probes.capture import details_of_database, newest_record
from control_center.pipeline import verified
from control_center.pipeline.send import Message, send

FLUSH_S = 30.0
NOT_REQUESTED = "they are not requested yet: make logs S=connect names why"


@dataclass(frozen=True)
class ScanState:
    """`epoch`: the current one; `unread`: tables whose existing rows Debezium has not read in it;
    `failures`: why it cannot; `messages`: on the topics of the unread tables."""

    epoch: int = 0
    unread: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    messages: int = 0

    def continues(self, before: ScanState) -> bool:
        """Whether it has advanced. While a table cannot be read, messages of others are no sign."""
        if (self.epoch, self.unread) != (before.epoch, before.unread):
            return True
        return self.messages != before.messages and not self.failures


class PlatformCapture:
    """Implements `run.Capture`."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def epoch(self, database: str) -> int:
        current = verified.current(self._clients, database)
        record = newest_record(self._clients, database)
        return max(current.epoch if current else 0, record.epoch if record else 0)

    def request(self, database: str, after: int, reason: str) -> None:
        request = EpochRequest(after, reason, fresh_topics=True)
        message = Message(TOPIC, request.to_json(), request_key(database))
        if error := send(self._clients.kafka.producer(), [message], FLUSH_S):
            raise UnreachableError(self._clients.kafka.component, f"topic {TOPIC}: {error}")

    def state(self, database: str) -> ScanState:
        release = self._clients.tables()
        details = details_of_database(self._clients, database, release)
        if details is None:
            return ScanState()
        unread = {name: table for name, table in details.tables.items() if not table.read}
        causes = {
            name: table.failure or ("" if table.requested else NOT_REQUESTED)
            for name, table in unread.items()
        }
        failures = (f"{name}: {cause}" for name, cause in causes.items() if cause)
        topics = [events(release[name]).name for name in unread]
        known = self._clients.kafka.topics()
        ends = self._clients.kafka.spans({name: known[name] for name in topics if name in known})
        messages = sum(end - first for spans in ends.values() for first, end in spans.values())
        return ScanState(details.epoch, tuple(sorted(unread)), tuple(sorted(failures)), messages)
