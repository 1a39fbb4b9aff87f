"""The moment at which the topic has a number of new messages."""

from __future__ import annotations

import time
from threading import Event

from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients

POLL_S = 0.25


class TopicGrowth:
    """`reached_at`: the moment (time.monotonic) at which the topic had `rows` more messages than
    when this object was made; None before that."""

    def __init__(self, clients: Clients, table: Table, rows: int) -> None:
        self._clients, self._topic = clients, events(table).name
        self._goal = self._end() + rows
        self.reached_at: float | None = None

    def watch(self, stop: Event) -> None:
        """Polls the topic until the number is reached or `stop` is set."""
        while not stop.wait(POLL_S):
            if self._end() >= self._goal:
                self.reached_at = time.monotonic()
                return

    def _end(self) -> int:
        return sum(self._clients.kafka.offsets(self._topic).values())
