"""Decides whether this driver is to stop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from contract.stream.driver_status import DriverState
from riada_stream.checkpoint import generation
from riada_stream.driver.release import is_superseded
from riada_stream.driver.status import StatusReporter
from riada_stream.runtime.checkpoint_dir import CheckpointDir
from riada_stream.settings import Settings

log = logging.getLogger(__name__)

GENERATION_CHECK_INTERVAL_S = 10.0


class StopCheck:
    """`generation` is this driver's; None before it has begun one."""

    def __init__(
        self,
        settings: Settings,
        status: StatusReporter,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._status = status
        self._clock = clock
        self._last_generation_check = clock()
        self.generation: CheckpointDir | None = None

    def __call__(self) -> bool:
        """True when another release is wanted or a newer driver runs. The newer driver reports its
        own status, so this one does not."""
        if is_superseded(self._settings):
            self._status.report(DriverState.STOPPED)
            return True
        if self.generation is None:
            return False
        now = self._clock()
        if now - self._last_generation_check < GENERATION_CHECK_INTERVAL_S:
            return False
        self._last_generation_check = now
        newer = generation.newer(self.generation)
        if newer:
            log.info("a newer driver writes its checkpoint to %s. This driver stops", newer)
        return newer is not None
