"""Stops the stream when nearly every event fails, since the cause is then not in the messages.

The rule is that of arroyo's DlqPolicy (https://getsentry.github.io/arroyo/strategies/dead_letter_queue.html).
"""

from __future__ import annotations

from collections import deque

from riada_stream.runtime.halt import HaltError

# This share of at least MIN_EVENTS events may become dead letters. 1: any number.
MAX_SHARE = 0.9
MIN_EVENTS = 1_000


class TooManyDeadLettersError(HaltError):
    """Nearly all events become dead letters."""


class DeadLetterLimit:
    """Counts events and dead letters of the last batches, at least MIN_EVENTS events."""

    def __init__(self, max_share: float = MAX_SHARE, min_events: int = MIN_EVENTS) -> None:
        self._max_share, self._min_events = max_share, min_events
        self._batches: deque[tuple[int, int]] = deque()

    def exceeded(self, events: int, dead_letters: int) -> str | None:
        """Adds a batch. Returns None, or the cause when the batch exceeds the limit: then it does
        not count."""
        batches = deque([*self._batches, (events, dead_letters)])
        total = sum(events for events, _ in batches)
        while total - batches[0][0] >= self._min_events:
            total -= batches.popleft()[0]
        total_dead_letters = sum(dead_letters for _, dead_letters in batches)
        if total >= self._min_events and total_dead_letters > self._max_share * total:
            return f"{total_dead_letters:,} of the last {total:,} events would become dead letters"
        self._batches = batches
        return None
