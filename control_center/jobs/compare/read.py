"""Reading a whole side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from contract.cassandra.cql import QUERIES
from contract.postgres.sql import READ
from contract.table.columns import NAMES
from control_center.clients.clients import Clients
from control_center.config import DEAD_LETTERS
from control_center.jobs import protocol
from control_center.jobs.compare.digests import Digest, Newest, Topic, digest
from control_center.jobs.compare.offsets import Offsets
from control_center.pipeline import dead_letters, messages

SAY_ROWS = 50_000

T = TypeVar("T")


def postgres(clients: Clients) -> dict[str, Digest]:
    """Everybody in one snapshot, through a server-side cursor."""
    found: dict[str, Digest] = {}
    with clients.postgres(statement_timeout_s=0) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor("people") as cursor:
            cursor.itersize = 5000
            cursor.execute(f"SELECT {READ} FROM public.users")
            for row in _counted("PostgreSQL", cursor):
                found[str(row[0])] = digest(row)
    return found


def cassandra(clients: Clients) -> dict[str, Digest]:
    """Everybody, page by page (count(*) over so many would time out)."""
    rows = clients.cassandra.scan(QUERIES["everybody"], page=2000)
    width = len(NAMES)
    return {str(row[0]): digest(row[:width]) for row in _counted("Cassandra", rows)}


class TopicReader:
    """Reads on from where it was, each time up to the offsets that the job has decided about."""

    def __init__(self, clients: Clients, start: dict[int, int], letters: dict[int, int]) -> None:
        self._clients, self._next, self._letters = clients, start, letters
        self._decoder = messages.Decoder(clients)
        self.offsets, self.topic = Offsets(), Topic()

    def read(self, end: dict[int, int], only: Collection[str] | None = None) -> None:
        """Messages before `end`; with `only`, events of other people are counted, not kept."""
        self._read_dead_letters()
        start, self._next = self._next, self._next | end
        self.offsets.expected += sum(max(0, end[part] - start.get(part, 0)) for part in end)
        for message in _counted("topic", messages.read(self._clients, start, end)):
            partition, offset = place = messages.place(message)
            self.offsets.read += 1
            if place in self.offsets.refused:
                continue
            try:
                event = self._decoder.event(message.value())
            except messages.UndecodableError as error:
                self.offsets.undecodable[place] = str(error)
                continue
            self.offsets.events += 1
            if only is None or event.id in only:
                value = None if event.deleted else digest(event.row)
                self.topic.add(event.id, Newest(event.version, value, partition, offset))

    def _read_dead_letters(self) -> None:
        end = self._clients.kafka.offsets(DEAD_LETTERS)
        for message in messages.read(self._clients, self._letters, end, DEAD_LETTERS):
            self.offsets.refused.add(dead_letters.origin(message))
        self._letters = end


def _counted(side: str, rows: Iterable[T]) -> Iterator[T]:
    """The rows themselves, with a line of progress now and then."""
    count = 0
    for row in rows:
        count += 1
        if count % SAY_ROWS == 0:
            protocol.progress(f"{side}: {count:,} read")
        yield row
    if count:
        protocol.progress(f"{side}: {count:,} read")
