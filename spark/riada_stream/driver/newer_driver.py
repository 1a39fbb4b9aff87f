"""Notices that a newer driver runs: it has begun a later generation of a checkpoint."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection

from riada_stream.checkpoint import generation
from riada_stream.runtime.checkpoint_dir import CheckpointDir

log = logging.getLogger(__name__)

# How often one checkpoint is read, at most. A call reads at most one of them.
INTERVAL_S = 10.0


class NewerDriver:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._checked: dict[CheckpointDir, float] = {}

    def has_begun(self, generations: Collection[CheckpointDir]) -> bool:
        """`generations` are this driver's own."""
        now = self._clock()
        self._checked = {own: self._checked.get(own, now) for own in generations}
        due = [own for own, at in self._checked.items() if now - at >= INTERVAL_S]
        if not due:
            return False
        own = min(due, key=lambda candidate: self._checked[candidate])
        self._checked[own] = now
        newer = generation.newer(own)
        if newer:
            log.info("a newer driver writes its checkpoint to %s. This driver stops", newer)
        return newer is not None
