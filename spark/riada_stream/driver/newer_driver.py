"""Notices that a newer driver runs: it has made a later claim (checkpoint/claim.py)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from riada_stream.checkpoint import claim
from riada_stream.checkpoint.claim import Claim
from riada_stream.runtime.checkpoint_dir import CheckpointDir

log = logging.getLogger(__name__)

# How often the claims are read, at most.
INTERVAL_S = 10.0


class NewerDriver:
    """Threads of several tables use it. `checkpoint` is the folder of all tables, `driver` this
    driver's id."""

    def __init__(
        self,
        checkpoint: CheckpointDir,
        driver: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checkpoint, self._driver, self._clock = checkpoint, driver, clock
        self._lock = threading.Lock()
        self._own: Claim | None = None
        self._read_at = 0.0

    def own_claim(self) -> Claim:
        """This driver's claim, which the first call makes."""
        with self._lock:
            if self._own is None:
                self._own = claim.make(self._checkpoint, self._driver)
                self._read_at = self._clock()
                log.info("this driver has the claim %s", self._own)
            return self._own

    def has_begun(self) -> bool:
        """False before this driver has a claim: it may not be able to replace the other one."""
        own, now = self._own, self._clock()
        if own is None or now - self._read_at < INTERVAL_S:
            return False
        self._read_at = now
        newest = claim.newest(self._checkpoint)
        if newest is None or newest <= own:
            return False
        log.info("a newer driver has the claim %s. This driver stops", newest)
        return True
