"""Finds the messages that a batch fails for, by dividing it, and writes all others.

Invariants 2 and 4: whatever a message does to the executor that reads it, the stream goes on. An
outage is not a message's fault: after each failure the platform must answer, or it raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from riada_stream.runtime.log import log
from riada_stream.source.ranges import Place, Range

PARTS = 32
"""20,000 messages of four partitions are divided three times. A part that fails costs several
executors, one that does not costs a short job: so the parts are many."""


UNREADABLE = "cannot be read: "
"""So begins the reason of a message of which not even the bytes can be had."""


class MessagesError(Exception):
    """These messages, or the executor that had them, could not be processed. The text says why."""


class Trial(Protocol):
    def write(self, messages: Range) -> None:
        """Writes them, be it again. Raises MessagesError; anything else is an outage."""

    def read(self, messages: Range) -> None:
        """Reads their bytes and nothing more. Raises like write()."""

    def check_platform(self) -> None:
        """Raises when a component that write() needs does not answer."""


def isolate(
    ranges: Iterable[Range],
    trial: Trial,
    unwritable: dict[Place, str],
    found: Callable[[], None],
) -> None:
    """Writes all messages but the unwritable ones, which it adds with the reason: message → why.

    A message is one of them when it fails twice by itself. `found` is called after each: the caller
    notes it, so that the next process does not try it again.
    """
    waiting = [part for messages in ranges for part in messages.without(unwritable)]
    waiting.reverse()
    while waiting:
        messages = waiting.pop()
        if _error(trial.write, messages) is None:
            continue
        trial.check_platform()
        if len(messages) > 1:
            log(f"{messages} cannot be written at once: dividing them")
            waiting += reversed(messages.split(PARTS))
            continue
        if (error := _error(trial.write, messages)) is None:
            continue
        trial.check_platform()
        unread = _error(trial.read, messages)
        unwritable[messages.first] = f"{UNREADABLE}{unread}" if unread else str(error)
        log(f"{messages} becomes a dead letter: {unwritable[messages.first]}")
        found()


def _error(step: Callable[[Range], None], messages: Range) -> MessagesError | None:
    try:
        step(messages)
    except MessagesError as error:
        return error
    return None
