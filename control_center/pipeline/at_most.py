"""How many expensive readings may run at once, so that nobody exhausts the Control Center's memory
by asking often."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from contract.errors import ComponentError, ErrorCode
from control_center.config import COMPONENT


class TooManyReadingsError(ComponentError):
    """As many readings of this kind run as the Control Center's memory allows."""

    code = ErrorCode.BUSY


class AtMost:
    """`most` readings at once; `what` names them in the error, such as "readings of a topic"."""

    def __init__(self, most: int, what: str) -> None:
        self._free, self._cause = BoundedSemaphore(most), f"{most} {what} are running"

    @contextmanager
    def permit(self) -> Iterator[None]:
        """Raises TooManyReadingsError instead of waiting: who waits holds a thread that others
        need."""
        if not self._free.acquire(blocking=False):
            raise TooManyReadingsError(COMPONENT, self._cause, "Try again in some seconds.")
        try:
            yield
        finally:
            self._free.release()
