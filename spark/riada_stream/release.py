"""One driver at a time, of the wanted release."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from riada_stream.log import log
from riada_stream.settings import Settings


def superseded(settings: Settings) -> bool:
    """Does the artifacts store name another release? While it names none, this one runs on."""
    try:
        wanted = settings.wanted_release_file.read_text().strip()
    except FileNotFoundError:
        return False
    return bool(wanted) and wanted != settings.release


@contextmanager
def only_driver(settings: Settings) -> Iterator[bool]:
    """Holds the checkpoint's lock, which a predecessor may still have: two drivers on one
    checkpoint would undo each other. Gives False when another release is wanted before that."""
    settings.checkpoint.parent.mkdir(parents=True, exist_ok=True)
    with settings.checkpoint.with_suffix(".lock").open("w") as lock:
        said = 0.0
        while not superseded(settings):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() - said >= 5:
                    said = time.monotonic()
                    log(f"waiting for another driver to let go of {settings.checkpoint}")
                time.sleep(0.2)
                continue
            yield True
            return
        yield False
