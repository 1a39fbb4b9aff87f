"""The comparison's `Reader` over the platform's own clients."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from contract.kafka import topics
from contract.kafka.change import Event
from contract.stores.cassandra import table as cassandra
from contract.stores.cassandra.batches import BatchRecord, Offsets
from contract.stores.postgres import table as postgres
from contract.table.digest import digest
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.digest import Digest
from control_center.pipeline import batches, messages, row_repository, written
from control_center.pipeline.barrier import Barrier
from control_center.pipeline.dead_letter import MessageIdentity, identity, origin
from control_center.pipeline.decoder import Decoder
from control_center.pipeline.topic_message import TopicMessage

BATCHES = 5_000  # how many of the newest batches are searched for gaps
PROGRESS_ROWS = 50_000

T = TypeVar("T")


class TooManyRowsError(Exception):
    """A store has more rows than this process may hold; `rows` were read."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"more than {rows:,} rows")
        self.rows = rows


class PlatformReader:
    """Implements `Reader` for one table. Reading all rows of a store raises TooManyRowsError after
    `most_rows`."""

    def __init__(self, clients: Clients, table: Table) -> None:
        self.table, self.most_rows = table, sys.maxsize
        self._clients, self._decoder = clients, Decoder(clients, table)
        self._topic, self._dead_letters = topics.events(table).name, topics.dead_letters(table).name
        self._key_of = row_repository.key_reader(table)

    def earliest(self) -> Offsets:
        return self._clients.kafka.earliest(self._topic)

    def written(self) -> Offsets:
        return written.offsets(self._clients, self.table)

    def barrier(self) -> Barrier:
        return Barrier(self._clients, self.table)

    def dead_letters_earliest(self) -> Offsets:
        return self._clients.kafka.earliest(self._dead_letters)

    def dead_letters_end(self) -> Offsets:
        return self._clients.kafka.offsets(self._dead_letters)

    def messages(
        self, start: Offsets, end: Offsets
    ) -> Iterator[tuple[MessageIdentity, bytes | None]]:
        read = messages.read(self._clients, start, end, self._topic)
        for message in map(TopicMessage.of, _counted("topic", read)):
            yield identity(message), message.value

    def origins(self, start: Offsets, end: Offsets) -> Iterator[MessageIdentity]:
        for message in messages.read(self._clients, start, end, self._dead_letters):
            yield origin(TopicMessage.of(message).headers)

    def decode(self, value: bytes | None) -> Event:
        return self._decoder.event(value)

    def postgres(self, keys: Collection[str] | None = None) -> dict[str, Digest]:
        if keys is None:
            return self._all_in_postgres()
        rows = row_repository.each_in_postgres(self._clients, self.table, keys)
        return {key: digest(self.table, row) for key, row in rows}

    def cassandra(self, keys: Collection[str] | None = None) -> dict[str, Digest]:
        if keys is None:
            return self._all_in_cassandra()
        rows = row_repository.each_in_cassandra(self._clients, self.table, keys)
        return {key: digest(self.table, row) for key, row, _ in rows}

    def changed_since(self, keys: Collection[str], position: int) -> dict[str, Digest]:
        rows = row_repository.each_in_cassandra(self._clients, self.table, keys)
        return {
            key: digest(self.table, row)
            for key, row, origin in rows
            if origin.source_lsn is not None and origin.source_lsn >= position
        }

    def batches(self) -> list[BatchRecord]:
        present = written.present_id(self._clients, self.table)
        newest = batches.last(self._clients, self.table, BATCHES)
        return [batch for batch in newest if batch.may_be_of(present)]

    def _all_in_postgres(self) -> dict[str, Digest]:
        """Reads in one snapshot, through a server-side cursor."""
        digests: dict[str, Digest] = {}
        table = self.table
        with self._clients.postgres(table.database, statement_timeout_s=0) as connection:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with connection.cursor("compared") as cursor:
                cursor.itersize = 5000
                cursor.execute(f"SELECT {postgres.read(table)} FROM {postgres.qualified(table)}")
                for row in _counted("PostgreSQL", cursor, self.most_rows):
                    digests[self._key_of(row)] = digest(table, row)
        return digests

    def _all_in_cassandra(self) -> dict[str, Digest]:
        """Reads page by page: count(*) over that many rows would time out."""
        rows = self._clients.cassandra.scan(cassandra.select_all(self.table), page=2000)
        width = len(self.table.columns)
        return {
            self._key_of(row): digest(self.table, row[:width])
            for row in _counted("Cassandra", rows, self.most_rows)
        }


def _counted(store: str, rows: Iterable[T], most: int = sys.maxsize) -> Iterator[T]:
    """The rows themselves, with a line of progress every PROGRESS_ROWS and at the end. Raises
    TooManyRowsError after `most`."""
    count = 0
    for row in rows:
        count += 1
        if count > most:
            raise TooManyRowsError(count)
        if count % PROGRESS_ROWS == 0:
            job_protocol.progress(f"{store}: {count:,} rows read")
        yield row
    if count:
        job_protocol.progress(f"{store}: {count:,} rows read")
