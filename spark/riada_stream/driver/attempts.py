"""Streams one table for as long as it is deployed, and survives outages of other components."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from contract.stream.driver_status import Restart, TableState
from contract.table.table import Table
from riada_stream.driver.supervise import Ending
from riada_stream.runtime.halt import HaltError
from riada_stream.runtime.log import root_cause
from riada_stream.sink.event_writer import SchemaChangedError

log = logging.getLogger(__name__)

# After a halt, the stream checks at this interval whether the cause has disappeared.
HALT_RETRY_INTERVAL_S = 20.0
# Pauses after consecutive failures; the last one is repeated.
BACKOFF_S = (1, 2, 5, 10, 15, 30, 30, 30, 30, 30)


class TableStream(Protocol):
    """The part of driver/stream.py that is used here."""

    restart: Restart | None

    def run(self, on_running: Callable[[], None]) -> Ending: ...

    def wait_for_messages(self) -> None: ...


class TableControl(Protocol):
    """The part of driver/control.py that is used here."""

    @property
    def is_stopping(self) -> bool: ...

    def wait(self, seconds: float) -> bool: ...


class TableStatusReporter(Protocol):
    """The part of driver/status.py that is used here."""

    def report_table(
        self, name: str, state: TableState, cause: str | None, restart: Restart | None
    ) -> None: ...


class Attempts:
    """Runs one attempt after another. `failures`: how many have failed since the last one that
    ran."""

    def __init__(
        self,
        table: Table,
        stream: TableStream,
        control: TableControl,
        status: TableStatusReporter,
    ) -> None:
        self._name = table.name
        self._stream = stream
        self._control = control
        self._status = status
        self.failures = 0

    def run(self) -> None:
        """Returns when the table's query is to stop."""
        self._report(TableState.STARTING)
        while not self._control.is_stopping:
            try:
                if self._stream.run(self._on_running) is Ending.PARKED:
                    log.info("%s has no messages: its query is parked", self._name)
                    self._stream.wait_for_messages()
            except HaltError as error:
                self._halt(str(error))
            except SchemaChangedError as error:
                log.info("%s: %s. The query restarts with them", self._name, error)
            except Exception as error:
                self._pause(root_cause(error))

    def _on_running(self) -> None:
        self._report(TableState.RUNNING)
        self.failures = 0

    def _halt(self, cause: str) -> None:
        """Invariant 4: reports the halt, and waits before the next attempt."""
        log.error("%s is halted: %s", self._name, cause)
        self._report(TableState.HALTED, cause)
        self._control.wait(HALT_RETRY_INTERVAL_S)

    def _pause(self, cause: str) -> None:
        pause_s = BACKOFF_S[min(self.failures, len(BACKOFF_S) - 1)]
        self.failures += 1
        log.error("%s: failure %d: %s", self._name, self.failures, cause)
        self._report(TableState.RETRYING, cause)
        log.info("%s: next attempt in %d s", self._name, pause_s)
        self._control.wait(pause_s)

    def _report(self, state: TableState, cause: str | None = None) -> None:
        self._status.report_table(self._name, state, cause, self._stream.restart)
