"""Reports the driver's status to the artifacts store: contract/stream/driver_status.py."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace

from contract.stream.driver_status import (
    DriverState,
    DriverStatus,
    Restart,
    TableState,
    TableStatus,
)
from riada_stream.settings import Settings

# The driver's state when all of its tables are in one state.
_OF_ALL = {
    TableState.STARTING: DriverState.STARTING,
    TableState.RETRYING: DriverState.RETRYING,
    TableState.HALTED: DriverState.HALTED,
}


class StatusReporter:
    """Threads of several tables use it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._release = settings.release
        self._lock = threading.Lock()
        self._tables: dict[str, TableStatus] = {}
        self._final: tuple[DriverState, str | None] | None = None
        self._reported: DriverStatus | None = None

    def report_table(
        self,
        name: str,
        state: TableState,
        cause: str | None = None,
        restart: Restart | None = None,
    ) -> None:
        with self._lock:
            old = self._tables.get(name)
            new = TableStatus.now(state, cause, restart)
            if old and (old.state, old.cause, old.restart) == (state, cause, restart):
                return
            self._tables[name] = new
            self._write()

    def take_over(self, release: str, starting: Iterable[str]) -> None:
        """Records that from now on the tables of this release run. `starting`: the names of those
        that are new or changed. A reader never sees the release without them."""
        with self._lock:
            self._release = release
            for name in starting:
                self._tables[name] = TableStatus.now(TableState.STARTING)
            self._write()

    def forget_table(self, name: str) -> None:
        """The table is not deployed any more."""
        with self._lock:
            if self._tables.pop(name, None):
                self._write()

    def report(self, state: DriverState | None = None, cause: str | None = None) -> None:
        """Writes the state; without one, the state that follows from those of the tables. A state
        that is given is the last one: the driver ends."""
        with self._lock:
            self._final = (state, cause) if state else None
            self._write()

    def _write(self) -> None:
        """Replaces the file of the status. Readers see the old or the new one, never a part."""
        state, cause = self._final or self._state()
        status = DriverStatus.now(
            state,
            self._release,
            self._settings.driver_id,
            cause,
            self._settings.job,
            dict(self._tables),
        )
        if self._reported and (self._reported.state, self._reported.cause) == (state, cause):
            status = replace(status, since=self._reported.since)
        self._reported = status
        draft = self._settings.status_file.with_suffix(".new")
        draft.write_text(status.to_json())
        draft.replace(self._settings.status_file)

    def _state(self) -> tuple[DriverState, str | None]:
        """One table that runs shows that the driver does."""
        for state, driver_state in _OF_ALL.items():
            if self._tables and all(table.state is state for table in self._tables.values()):
                return driver_state, next(iter(self._tables.values())).cause
        return DriverState.RUNNING, None
