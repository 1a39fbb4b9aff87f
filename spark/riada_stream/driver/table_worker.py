"""The thread that streams one table."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from contract.table.table import Table
from riada_stream.driver.attempts import Attempts
from riada_stream.driver.control import Control
from riada_stream.driver.shared import Shared
from riada_stream.driver.stream import Stream


class TableWorker:
    """Starts at once. It ends after stop(), when the running batch is complete."""

    def __init__(
        self,
        table: Table,
        shared: Shared,
        new_stream: Callable[[Table, Shared, Control], Stream] = Stream,
    ) -> None:
        self.table = table
        self._control = Control()
        stream = new_stream(table, shared, self._control)
        self._attempts = Attempts(table, stream, self._control, shared.status)
        self._thread = Thread(target=self._attempts.run, name=f"table {table.name}", daemon=True)
        self._thread.start()

    @property
    def failures(self) -> int:
        """Consecutive attempts that failed."""
        return self._attempts.failures

    @property
    def stored_table(self) -> str | None:
        """The id of Cassandra's table, by which this worker writes."""
        return self._control.stored_table

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        self._control.stop()

    def restart(self) -> None:
        self._control.restart()

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)
