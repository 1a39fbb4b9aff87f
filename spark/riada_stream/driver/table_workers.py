"""Runs a worker for each deployed table, and leaves the others alone when one changes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from contract.table.table import Table
from riada_stream.driver.deployment import needs_restart

log = logging.getLogger(__name__)

STOP_TIMEOUT_S = 60.0


class Worker(Protocol):
    """The part of driver/table_worker.py that is used here."""

    table: Table

    @property
    def failures(self) -> int: ...

    @property
    def stored_table(self) -> str | None: ...

    def is_alive(self) -> bool: ...

    def stop(self) -> None: ...

    def restart(self) -> None: ...

    def join(self, timeout_s: float) -> None: ...


class TableWorkers:
    """`by_table`: name of a table → its worker. `forget` is called for a table that is no longer
    deployed, after its worker has ended."""

    def __init__(
        self, new_worker: Callable[[Table], Worker], forget: Callable[[str], None]
    ) -> None:
        self._new_worker = new_worker
        self._forget = forget
        self.by_table: dict[str, Worker] = {}

    def changed(self, deployed: Mapping[str, Table]) -> list[str]:
        """The names of the tables that reconcile() will start or restart."""
        return [
            name
            for name, table in deployed.items()
            if name not in self.by_table or needs_restart(self.by_table[name].table, table)
        ]

    def reconcile(self, deployed: Mapping[str, Table]) -> None:
        """Is called repeatedly: a worker ends some time after it was stopped, and the next one
        of the same table begins after that."""
        for name, worker in list(self.by_table.items()):
            table = deployed.get(name)
            if table is None or needs_restart(worker.table, table):
                worker.stop()
            if not worker.is_alive():
                del self.by_table[name]
                if table is None:
                    log.info("%s is no longer deployed: its query has ended", name)
                    self._forget(name)
        for name, table in deployed.items():
            if name not in self.by_table:
                self.by_table[name] = self._new_worker(table)

    def restart_lost(self, ids: Mapping[str, str]) -> None:
        """Restarts the streams whose table in Cassandra has another id than they write to. `ids`:
        name → id."""
        for name, worker in self.by_table.items():
            if worker.stored_table is not None and ids.get(name) != worker.stored_table:
                worker.restart()

    def have_failed(self, attempts: int) -> bool:
        """Whether every table has failed so many times in a row."""
        return bool(self.by_table) and all(
            worker.failures >= attempts for worker in self.by_table.values()
        )

    def stop(self) -> None:
        """Ends every worker, each after its running batch."""
        for worker in self.by_table.values():
            worker.stop()
        until = time.monotonic() + STOP_TIMEOUT_S
        for worker in self.by_table.values():
            worker.join(max(0.0, until - time.monotonic()))
