"""The comparison's `Reader` over the platform's own clients."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord, Offsets
from contract.stores.cassandra.cql import QUERIES
from contract.stores.postgres.sql import READ
from contract.table.columns import NAMES
from control_center.clients.clients import Clients
from control_center.config import DEAD_LETTERS, TOPIC
from control_center.jobs import job_protocol
from control_center.jobs.compare.digest import Digest, digest
from control_center.pipeline import batches, messages, user_repository
from control_center.pipeline.dead_letter import origin
from control_center.pipeline.decoder import Decoder
from control_center.pipeline.events import Event
from control_center.pipeline.topic_message import TopicMessage, place

BATCHES = 5_000  # how many of the newest batches are searched for gaps
PROGRESS_ROWS = 50_000

T = TypeVar("T")


class PlatformReader:
    """Implements `Reader`."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._decoder = Decoder(clients)

    def earliest(self) -> Offsets:
        return self._clients.kafka.earliest(TOPIC)

    def written(self) -> Offsets:
        ends, newest = self._clients.kafka.offsets(TOPIC), batches.newest(self._clients)
        return ends if newest is None else written_offsets(ends, newest.end_offsets)

    def dead_letters_earliest(self) -> Offsets:
        return self._clients.kafka.earliest(DEAD_LETTERS)

    def dead_letters_end(self) -> Offsets:
        return self._clients.kafka.offsets(DEAD_LETTERS)

    def messages(self, start: Offsets, end: Offsets) -> Iterator[tuple[TopicOffset, bytes | None]]:
        for message in _counted("topic", messages.read(self._clients, start, end)):
            value = message.value()
            yield place(message), value.encode() if isinstance(value, str) else value

    def refused(self, start: Offsets, end: Offsets) -> Iterator[TopicOffset]:
        for message in messages.read(self._clients, start, end, DEAD_LETTERS):
            yield origin(TopicMessage.of(message).headers)

    def decode(self, value: bytes | None) -> Event:
        return self._decoder.event(value)

    def postgres(self, keys: Collection[str] | None = None) -> dict[str, Digest]:
        if keys is None:
            return self._everybody_in_postgres()
        rows = user_repository.in_postgres(self._clients, keys)
        return {key: digest(row) for key, row in rows.items()}

    def cassandra(self, keys: Collection[str] | None = None) -> dict[str, Digest]:
        if keys is None:
            return self._everybody_in_cassandra()
        rows, _ = user_repository.in_cassandra(self._clients, keys)
        return {key: digest(row) for key, row in rows.items()}

    def batches(self) -> list[BatchRecord]:
        return batches.last(self._clients, BATCHES)

    def _everybody_in_postgres(self) -> dict[str, Digest]:
        """Reads in one snapshot, through a server-side cursor."""
        digests: dict[str, Digest] = {}
        with self._clients.postgres(statement_timeout_s=0) as connection:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with connection.cursor("people") as cursor:
                cursor.itersize = 5000
                cursor.execute(f"SELECT {READ} FROM public.users")
                for row in _counted("PostgreSQL", cursor):
                    digests[str(row[0])] = digest(row)
        return digests

    def _everybody_in_cassandra(self) -> dict[str, Digest]:
        """Reads page by page: count(*) over that many rows would time out."""
        rows = self._clients.cassandra.scan(QUERIES["everybody"], page=2000)
        width = len(NAMES)
        return {str(row[0]): digest(row[:width]) for row in _counted("Cassandra", rows)}


def written_offsets(ends: Offsets, batch_ends: Offsets) -> Offsets:
    """The topic's ends, cut at the newest batch's; 0 for a partition that is in no batch yet."""
    return {part: min(end, batch_ends.get(part, 0)) for part, end in ends.items()}


def _counted(store: str, rows: Iterable[T]) -> Iterator[T]:
    """The rows themselves, with a line of progress every PROGRESS_ROWS and at the end."""
    count = 0
    for row in rows:
        count += 1
        if count % PROGRESS_ROWS == 0:
            job_protocol.progress(f"{store}: {count:,} rows read")
        yield row
    if count:
        job_protocol.progress(f"{store}: {count:,} rows read")
