"""A bounded scan of a topic: reads step by step until enough messages match, or a limit is reached,
and says where it stopped, so that the next scan goes on from there.

Backward it reads from the end of each partition, forward from its start. Of each partition it
returns all matches between the position before and the position after, in both directions.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from heapq import merge

from contract.kafka.offsets import TopicOffset
from control_center.clients.kafka import Span
from control_center.pipeline.browsed_message import NO_TIME, BrowsedMessage, in_order
from control_center.pipeline.topic_message import TopicMessage

# Start and end (exclusive) of each partition → their messages, in the order of the offsets.
Read = Callable[[Mapping[int, int], Mapping[int, int]], Iterable[TopicMessage]]
Match = Callable[[TopicMessage], BrowsedMessage | None]  # None: the message does not match

LARGEST_STEP = 4000  # messages of a partition


@dataclass(frozen=True)
class Limits:
    """When a scan stops without enough matches: after so many messages, or so many seconds. It
    looks at the clock between two steps."""

    messages: int
    seconds: float


@dataclass(frozen=True)
class Scanned:
    """`messages`: the matches, oldest first. `read`: how many messages were read. `remaining`: how
    many were not looked at in the scan's direction. `position`: of each partition the offset from
    which (forward) or before which (backward) the next scan reads."""

    messages: list[BrowsedMessage]
    read: int
    remaining: int
    position: dict[int, int]
    seconds: float


def scan(
    read: Read,
    match: Match,
    available: Mapping[int, Span],
    *,
    count: int,
    forward: bool,
    step: int,
    limits: Limits,
    clock: Callable[[], float] = time.monotonic,
) -> Scanned:
    """At most `count` matches among the offsets `available`. `step`: how many messages of each
    partition are read first; each step is twice as long. Raises what `read` and `match` raise."""
    began, total = clock(), 0
    position = {part: span[0 if forward else 1] for part, span in available.items()}
    matches: list[BrowsedMessage] = []
    while len(matches) < count and total < limits.messages and clock() - began < limits.seconds:
        start, end = _step(available, position, forward, step)
        if not start:
            break
        wanted = count - len(matches)
        step_matches = {part: _Matches(wanted, forward) for part in start}
        for message in read(start, end):
            total += 1
            matching = match(message)
            if matching is not None:
                step_matches[message.place.partition].add(matching)
        taken = _first(step_matches, wanted, forward)
        places = {message.place for message in taken}
        for part, of_part in step_matches.items():
            position[part] = of_part.position(places, end[part] if forward else start[part])
        matches += taken
        step = min(2 * step, LARGEST_STEP)
    remaining = sum(
        end - position[part] if forward else position[part] - start
        for part, (start, end) in available.items()
    )
    return Scanned(in_order(matches), total, remaining, position, clock() - began)


class _Matches:
    """The matches of one step in one partition, at most `wanted`: the first ones in the scan's
    direction."""

    def __init__(self, wanted: int, forward: bool) -> None:
        self._wanted, self._forward = wanted, forward
        self._kept: deque[BrowsedMessage] = deque(maxlen=None if forward else wanted)
        self._count = 0

    def add(self, message: BrowsedMessage) -> None:
        self._count += 1
        if not self._forward or len(self._kept) < self._wanted:
            self._kept.append(message)

    def in_direction(self) -> list[BrowsedMessage]:
        return list(self._kept) if self._forward else list(reversed(self._kept))

    def position(self, taken: Container[TopicOffset], all_taken: int) -> int:
        """Where the next scan goes on; `all_taken` if no match of this step is left."""
        mine = [message for message in self.in_direction() if message.place in taken]
        if len(mine) == self._count:
            return all_taken
        if not mine:
            first = self.in_direction()[0].place.offset
            return first if self._forward else first + 1
        last = mine[-1].place.offset
        return last + 1 if self._forward else last


def _step(
    available: Mapping[int, Span], position: Mapping[int, int], forward: bool, step: int
) -> tuple[dict[int, int], dict[int, int]]:
    """Start and end of each partition that has more messages in this direction."""
    starts, ends = {}, {}
    for part, (first, stop) in available.items():
        at = position[part]
        start, end = (at, min(stop, at + step)) if forward else (max(first, at - step), at)
        if start < end:
            starts[part], ends[part] = start, end
    return starts, ends


def _first(matches: Mapping[int, _Matches], wanted: int, forward: bool) -> list[BrowsedMessage]:
    """The first matches by time. Each partition's are taken in the order of its offsets, also where
    its times are not in order: so the rest of a partition lies behind one offset."""
    merged = merge(
        *(of_part.in_direction() for of_part in matches.values()),
        key=lambda message: message.at or NO_TIME,
        reverse=not forward,
    )
    return [message for _, message in zip(range(wanted), merged)]
