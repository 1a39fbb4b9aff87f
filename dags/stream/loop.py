"""Brings the Spark cluster to exactly one driver, step by step."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Protocol

from stream.cluster import ClusterError, ClusterState
from stream.plan import Action, Step, plan

log = logging.getLogger(__name__)

POLL_INTERVAL_S = 5
# After a submission or a kill the master gets this time to show it.
SETTLE_S = 15


class Cluster(Protocol):
    """The part of stream/cluster.py that the loop uses."""

    def state(self) -> ClusterState: ...

    def submit(self, release: str, job: str) -> str: ...

    def kill(self, driver: str) -> None: ...


class Store(Protocol):
    """The part of stream/artifacts.py that the loop uses."""

    def current_release(self) -> str: ...

    def streaming_release(self) -> str: ...

    def submitted_driver(self, job: str) -> str: ...

    def save_submitted_driver(self, job: str, driver: str) -> None: ...


class StreamLoop:
    """Reads the cluster's state, decides a step and takes it, until the run is over."""

    def __init__(
        self,
        release: str,
        job: str,
        cluster: Cluster,
        artifacts: Store,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._release = release
        self._job = job
        self._cluster = cluster
        self._artifacts = artifacts
        self._clock = clock
        self._sleep = sleep
        self._last_state: ClusterState | None = None
        self._unchanged_since = 0.0
        self._last_message = ""

    def run(self, duration_s: float) -> str:
        """Returns why the run ended."""
        end = self._clock() + duration_s
        while self._clock() < end:
            current = self._artifacts.current_release()
            if current != self._release:
                return f"release {current} is deployed"
            step = self._take_step()
            self._log(step)
            has_changed = step.action in (Action.SUBMIT, Action.KILL)
            self._sleep(SETTLE_S if has_changed else POLL_INTERVAL_S)
        return "the time of the run is over"

    def _take_step(self) -> Step:
        streaming = self._artifacts.streaming_release()
        if streaming != self._release:
            reason = f"release {streaming} streams until the deploy of this one is complete"
            return Step(Action.WAIT, reason)
        try:
            step = self._plan()
            self._act(step)
        except ClusterError as error:
            return Step(Action.WAIT, str(error))
        return step

    def _plan(self) -> Step:
        state = self._cluster.state()
        if state != self._last_state:
            self._last_state, self._unchanged_since = state, self._clock()
        unchanged_s = self._clock() - self._unchanged_since
        submitted = self._artifacts.submitted_driver(self._job)
        return plan(state, self._job, submitted, unchanged_s)

    def _act(self, step: Step) -> None:
        if step.action is Action.SUBMIT:
            driver = self._cluster.submit(self._release, self._job)
            self._artifacts.save_submitted_driver(self._job, driver)
            log.info("submitted %s for job %s of release %s", driver, self._job, self._release)
            self._last_state = None
        elif step.action is Action.KILL:
            self._cluster.kill(step.driver)
            self._last_state = None

    def _log(self, step: Step) -> None:
        """Logs a step that differs from the one before."""
        message = str(step)
        if message != self._last_message:
            self._last_message = message
            log.info("%s", message)
