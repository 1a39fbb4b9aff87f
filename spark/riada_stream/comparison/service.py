"""Serves the requests for comparisons, one after another, beside the streams."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from threading import Thread
from typing import Protocol

from contract.jobs.spark_comparison import (
    LEASE_S,
    Answer,
    ComparisonFailure,
    ComparisonProgress,
    ComparisonRequest,
    ComparisonResult,
)
from riada_stream.comparison.channel import Asked
from riada_stream.runtime.log import root_cause

log = logging.getLogger(__name__)

POLL_INTERVAL_S = 1.0
PROGRESS_INTERVAL_S = 4.0
ERROR_PAUSE_S = 5.0
REMEMBERED = 100  # answered requests


class Channel(Protocol):
    """The part of comparison/channel.py that is used here."""

    def poll(self) -> list[Asked]: ...

    def send(self, answer: Answer) -> None: ...


class Running(Protocol):
    """A comparison that runs (comparison/job.py). `answer`: None until it has ended."""

    @property
    def answer(self) -> ComparisonResult | ComparisonFailure | None: ...

    def is_alive(self) -> bool: ...

    def progress(self) -> str: ...

    def cancel(self) -> None: ...


class Service:
    """`start` begins a comparison. A request waits while another one is served."""

    def __init__(
        self,
        channel: Channel,
        start: Callable[[ComparisonRequest], Running],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._channel, self._start, self._clock = channel, start, clock
        self._wanted: dict[str, ComparisonRequest] = {}  # by id, the oldest first
        self._asked_at: dict[str, float] = {}
        self._answered: deque[str] = deque(maxlen=REMEMBERED)
        self._running: tuple[str, Running] | None = None
        self._reported_at = float("-inf")

    def run_as_thread(self) -> None:
        Thread(target=self._run, name="comparisons", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                self.step()
            except Exception as error:
                log.warning(
                    "comparisons: requests cannot be processed: %s. Next attempt in %d s",
                    root_cause(error),
                    ERROR_PAUSE_S,
                )
                time.sleep(ERROR_PAUSE_S)
            time.sleep(POLL_INTERVAL_S)

    def step(self) -> None:
        """Takes requests up, answers them, and cancels what is no longer wanted. Raises the
        channel's errors; then the next step goes on."""
        for asked in self._channel.poll():
            self._take(asked)
        self._drop_old()
        if self._running is not None:
            self._follow(*self._running)
        if self._running is None and self._wanted:
            request = next(iter(self._wanted.values()))
            log.info("%s: comparison %s begins", request.table, request.id)
            self._running = request.id, self._start(request)
        self._send_progress()

    def _take(self, asked: Asked) -> None:
        request = asked.request
        if not asked.wanted:
            self._forget(request.id)
        elif request.id not in self._answered:
            self._wanted.setdefault(request.id, request)
            self._asked_at[request.id] = self._clock()

    def _drop_old(self) -> None:
        for request_id, asked_at in list(self._asked_at.items()):
            if self._clock() - asked_at > LEASE_S:
                log.info("comparison %s is no longer wanted", request_id)
                self._forget(request_id)

    def _forget(self, request_id: str) -> None:
        self._wanted.pop(request_id, None)
        self._asked_at.pop(request_id, None)

    def _follow(self, request_id: str, running: Running) -> None:
        if running.is_alive():
            if request_id not in self._wanted:
                running.cancel()
            return
        if running.answer is not None and request_id in self._wanted:
            self._channel.send(running.answer)
            log.info("comparison %s has ended", request_id)
        self._answered.append(request_id)
        self._forget(request_id)
        self._running = None

    def _send_progress(self) -> None:
        """Also to those that wait, so that they know that a driver runs."""
        if not self._wanted or self._clock() - self._reported_at < PROGRESS_INTERVAL_S:
            return
        for request_id in self._wanted:
            if self._running is not None and self._running[0] == request_id:
                text = self._running[1].progress()
            else:
                text = "another comparison runs first"
            self._channel.send(ComparisonProgress(request_id, text))
        self._reported_at = self._clock()
