"""The newest messages of a topic, kept up to date: each poll reads only what has arrived since."""

from __future__ import annotations

from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.kafka import Span
from control_center.pipeline import browse
from control_center.pipeline.browse import Query
from control_center.pipeline.browsed_message import BrowsedMessage
from control_center.pipeline.decoder import Decoder
from control_center.pipeline.scan import Limits

POLL_S = 3.0
POLL = Limits(messages=10_000, seconds=2.0)


class Tail:
    """`messages`: newest first, at most query.count. `skipped`: messages that arrived faster than
    they could be searched; `read`: those that were read."""

    def __init__(self, clients: Clients, table: Table, query: Query, unmasked: bool) -> None:
        self._clients, self._table, self._query = clients, table, query
        self._unmasked = unmasked
        self._decoder = Decoder(clients, table)
        self._ends: dict[int, int] = {}
        self.messages: list[BrowsedMessage] = []
        self.read = self.skipped = 0

    def poll(self) -> int:
        """Returns the number of new messages that match. Raises InvalidInputError,
        UnreachableError."""
        spans = browse.spans(self._clients, self._table, self._query.topic)
        fresh = {part: (self._begin(part, span), span[1]) for part, span in spans.items()}
        page = browse.browse(
            self._clients,
            self._table,
            self._query,
            unmasked=self._unmasked,
            known=fresh,
            decoder=self._decoder,
            limits=POLL if self._ends else browse.SEARCH,
        )
        if self._ends:  # the first poll looks for the newest ones only
            self.skipped += page.scanned.remaining
        self.read += page.scanned.read
        self._ends = {part: end for part, (_, end) in spans.items()}
        self.messages = (page.messages + self.messages)[: self._query.count]
        return len(page.messages)

    def _begin(self, partition: int, span: Span) -> int:
        """The first offset that no poll has read. An end before it: the topic was created again."""
        first, end = span
        begin = self._ends.get(partition, first)
        return max(first, begin) if begin <= end else first
