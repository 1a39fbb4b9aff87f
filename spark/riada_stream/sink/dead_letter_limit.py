"""Stops the stream when nearly everything fails: then the cause is elsewhere, not in the messages.

As arroyo's DlqPolicy does (https://getsentry.github.io/arroyo/strategies/dead_letter_queue.html).
"""

from __future__ import annotations

from collections import deque

from riada_stream.runtime.halt import HaltError

MAX_SHARE = 0.9
"""Of the last MIN_EVENTS events or more, so many may become dead letters. 1: any number."""
MIN_EVENTS = 1_000


class TooManyDeadLettersError(HaltError):
    """Nearly all events become dead letters."""


class DeadLetterLimit:
    """Counts events and dead letters of the last batches, at least MIN_EVENTS events."""

    def __init__(self, max_share: float = MAX_SHARE, min_events: int = MIN_EVENTS) -> None:
        self._max_share, self._min_events = max_share, min_events
        self._batches: deque[tuple[int, int]] = deque()

    def exceeded(self, events: int, dead: int) -> str | None:
        """What is wrong if these are written too; None when nothing is, and then they count."""
        batches = deque([*self._batches, (events, dead)])
        total = sum(events for events, _ in batches)
        while total - batches[0][0] >= self._min_events:
            total -= batches.popleft()[0]
        refused = sum(dead for _, dead in batches)
        if total >= self._min_events and refused > self._max_share * total:
            return f"{refused:,} of the last {total:,} events would become dead letters"
        self._batches = batches
        return None
