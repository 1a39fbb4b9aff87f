"""The platform as the repair acts on it: requests to capture, and delete events on the topic."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from contract.errors import UnreachableError
from contract.kafka.topics import events
from contract.stores.postgres import table as postgres
from contract.stores.quoting import quoted
from contract.table.key import key_text
from contract.table.table import Table
from contract.table.version import Version
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.newest_events import NewestEvent
from control_center.jobs.repair.delete_events import DeleteEvents
from control_center.jobs.repair.plan import RepairPlan, plan
from control_center.pipeline import row_repository, verified
from control_center.pipeline.resend import resend
from control_center.pipeline.send import Message, send

FLUSH_S = 60.0


class PlatformSource:
    """Implements `run.Source` for one table. `newest`: key → its newest event on the topic."""

    def __init__(
        self, clients: Clients, table: Table, newest: Callable[[str], NewestEvent | None]
    ) -> None:
        self._clients, self._table, self._newest = clients, table, newest

    def plan(self, keys: Sequence[str]) -> RepairPlan:
        """Raises UnreachableError."""
        columns = f"{postgres.read_key(self._table)}, {inside(self._table)}"
        select = row_repository.select(self._table, columns)
        query = f"{select} WHERE {postgres.by_keys(self._table)}"
        with (
            self._clients.postgres(self._table.database, statement_timeout_s=60) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(query, row_repository.key_lists(self._table, keys))
            rows = cursor.fetchall()
        return plan(keys, {key_text(self._table, row[:-1]): row[-1] for row in rows})

    def republish(self, keys: Sequence[str]) -> None:
        """Raises UnreachableError."""
        resend(self._clients, self._table, keys)

    def erase(self, keys: Sequence[str]) -> int:
        """Invariant 3: a delete event has the version of the row that it erases. In Cassandra a
        delete wins over values of the same version, and a row that PostgreSQL inserts meanwhile has
        a higher version. Raises UnreachableError."""
        values = {
            key: known
            for key in keys
            if (known := row_repository.key_values(self._table, key)) is not None
        }
        if not values:
            return 0
        delete_events = DeleteEvents.of(self._clients, self._table)
        if delete_events is None:
            job_protocol.progress("the topic has had no event yet: no row can be erased")
            return 0
        versions = self._versions(list(values))
        topic = events(self._table).name

        def messages() -> Iterator[Message]:
            for key, canonical in values.items():
                now_ms = time.time_ns() // 1_000_000
                event_key, value = delete_events.encode(canonical, versions[key], now_ms)
                yield Message(topic, value, event_key)

        if error := send(self._clients.kafka.producer(), messages(), FLUSH_S):
            raise UnreachableError(self._clients.kafka.component, error)
        return len(values)

    def _versions(self, keys: Sequence[str]) -> dict[str, int]:
        """Key → the highest known version of the row, at least the beginning of the epoch: clocks,
        the write timestamps of rows that somebody wrote by hand, are below it."""
        epoch = verified.current(self._clients, self._table.database)
        least = int(Version(epoch.epoch if epoch else 0, 0))
        written = row_repository.versions_in_cassandra(self._clients, self._table, keys)
        newest = {key: self._newest(key) for key in keys}
        return {
            key: max(least, written.get(key) or 0, event.version if event else 0)
            for key, event in newest.items()
        }


def inside(table: Table) -> str:
    """An SQL condition: is the row inside the domain of its columns?"""
    checks = [
        f"({condition}) IS NOT FALSE"
        for column in table.columns
        for condition in column.checks(quoted(column.name)).values()
    ]
    return " AND ".join(checks) or "true"
