"""Streams for as long as this release is wanted, and survives outages of other components."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from contract.stream.driver_status import DriverState
from riada_stream.driver.release import is_superseded
from riada_stream.driver.session import create_session
from riada_stream.driver.status import StatusReporter
from riada_stream.driver.stop_check import StopCheck
from riada_stream.driver.stream import Stream
from riada_stream.runtime import log as logs
from riada_stream.runtime.halt import HaltError
from riada_stream.runtime.log import root_cause
from riada_stream.settings import load_settings
from riada_stream.sink.event_writer import SchemaChangedError

log = logging.getLogger(__name__)

POLL_INTERVAL_S = 1.0
# After a halt, the stream checks at this interval whether the cause has disappeared.
HALT_RETRY_INTERVAL_S = 20.0
# Pauses after consecutive failures. After the last one the cluster starts the driver again.
BACKOFF_S = (1, 2, 5, 10, 15, 30, 30, 30, 30, 30)


def main(arguments: Sequence[str] | None = None) -> int:
    """0: another release is wanted, or a newer driver runs. 1: too many consecutive failures."""
    logs.configure()
    settings = load_settings(sys.argv[1:] if arguments is None else arguments)
    code = 0
    if not is_superseded(settings):
        status = StatusReporter(settings)
        status.report(DriverState.STARTING)
        should_stop = StopCheck(settings, status)
        stream = Stream(create_session(settings), settings, status, should_stop)
        code = Job(stream, status, should_stop).run()
    log.info("release %s stops with exit code %d", settings.release, code)
    return code


class Attempts(Protocol):
    """The part of driver/stream.py that the job uses."""

    def run(self, on_running: Callable[[], None]) -> None: ...

    def is_broken(self) -> bool: ...

    def stop(self) -> None: ...


class Status(Protocol):
    """The part of driver/status.py that the job uses."""

    def report(self, state: DriverState, cause: str | None = None) -> None: ...


class Job:
    """Runs one attempt after another."""

    def __init__(
        self,
        stream: Attempts,
        status: Status,
        should_stop: Callable[[], bool],
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream
        self._status = status
        self._should_stop = should_stop
        self._sleep = sleep
        self._clock = clock
        self._failures = 0

    def run(self) -> int:
        """Returns the exit code."""
        while self._failures < len(BACKOFF_S):
            try:
                self._stream.run(self._on_running)
            except HaltError as error:
                if not self._halt(str(error)):
                    continue
            except SchemaChangedError as error:
                log.info("%s. The query restarts with them", error)
                continue
            except Exception as error:
                self._pause(root_cause(error))
                continue
            self._stream.stop()
            return 0
        return 1

    def _on_running(self) -> None:
        self._status.report(DriverState.RUNNING)
        self._failures = 0

    def _halt(self, cause: str) -> bool:
        """Invariant 4: reports the halt. True when this driver is to stop, False to try again."""
        log.error("halted: %s", cause)
        self._status.report(DriverState.HALTED, cause)
        until = self._clock() + HALT_RETRY_INTERVAL_S
        while self._clock() < until:
            if self._should_stop():
                return True
            self._sleep(POLL_INTERVAL_S)
        return False

    def _pause(self, cause: str) -> None:
        """Waits before the next attempt. There is no next attempt when the Spark context has
        ended."""
        pause_s = BACKOFF_S[self._failures]
        self._failures += 1
        log.error("failure %d of %d: %s", self._failures, len(BACKOFF_S), cause)
        self._status.report(DriverState.RETRYING, cause)
        if self._stream.is_broken():
            self._failures = len(BACKOFF_S)
            return
        log.info("next attempt in %d s", pause_s)
        self._sleep(pause_s)
