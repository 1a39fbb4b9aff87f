"""Divides a batch that fails until the messages that it fails for are alone, and writes all others.

Invariants 2 and 4: the stream continues whatever a message does to the executor that reads it. An
outage is not the fault of a message: after each failure the platform must answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from contract.kafka.offsets import TopicOffset
from riada_stream.source.ranges import Range

log = logging.getLogger(__name__)

# 20,000 messages of four partitions are divided three times. A part that fails costs several
# executors, and a part that succeeds costs a short job. So there are many parts.
PARTS = 32

# The reason of a message whose bytes cannot be read begins with this text.
UNREADABLE = "cannot be read: "


class MessagesError(Exception):
    """These messages, or the executor that had them, could not be processed. The text is the
    cause."""


class RangeWriter(Protocol):
    def write(self, messages: Range) -> None:
        """Writes messages; some of them may be written already. Raises MessagesError when the
        messages are to blame. Any other error is an outage."""

    def read(self, messages: Range) -> None:
        """Reads the bytes of messages and does nothing else. Raises as write() does."""

    def check_platform(self) -> None:
        """Raises when a component that write() needs does not answer."""


def isolate(
    ranges: Iterable[Range],
    writer: RangeWriter,
    unwritable: dict[TopicOffset, str],
    on_unwritable: Callable[[], None],
) -> None:
    """Writes all messages except the unwritable ones, and adds newly found unwritable messages with
    their reasons.

    A message is unwritable when it fails twice by itself. `on_unwritable` is called after each, so
    that the caller can note it and the next process does not try the message again.
    """
    pending = [part for messages in ranges for part in messages.without(unwritable)]
    pending.reverse()
    while pending:
        messages = pending.pop()
        if _failure(writer.write, messages) is None:
            continue
        writer.check_platform()
        if len(messages) > 1:
            log.warning("%s cannot be written together. Dividing them", messages)
            pending += reversed(messages.split(PARTS))
            continue
        reason = _reason_of_second_failure(writer, messages)
        if reason is not None:
            unwritable[messages.first] = reason
            log.warning("%s becomes a dead letter: %s", messages, reason)
            on_unwritable()


def _reason_of_second_failure(writer: RangeWriter, message: Range) -> str | None:
    """Writes a single message again; None when that succeeds."""
    write_failure = _failure(writer.write, message)
    if write_failure is None:
        return None
    writer.check_platform()
    read_failure = _failure(writer.read, message)
    return f"{UNREADABLE}{read_failure}" if read_failure else str(write_failure)


def _failure(step: Callable[[Range], None], messages: Range) -> MessagesError | None:
    try:
        step(messages)
    except MessagesError as error:
        return error
    return None
