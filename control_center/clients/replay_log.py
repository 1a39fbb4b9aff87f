"""The offsets of the dead letters that were sent again, and the number of messages on their topic
that are copies, which an erasure has made of earlier ones. A file outlives the process."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from contract.kafka.offsets import TopicOffset


class ReplayLog:
    """One JSON pair per line: partition and offset on the dead-letter topic; or {"copies": 7}."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._size = _size(file)
        self._offsets, self._copies = _load(file)

    @property
    def is_current(self) -> bool:
        """No other process has written since this one read the file."""
        return self._size == _size(self._file)

    @property
    def copies(self) -> int:
        """The number of messages that are copies, which do not count as dead letters."""
        return self._copies

    @property
    def topic_id(self) -> str:
        """Kafka's id of the dead-letter topic, after which the file is named."""
        return self._file.stem

    def __contains__(self, offset: TopicOffset) -> bool:
        return offset in self._offsets

    def among(self, spans: dict[int, tuple[int, int]]) -> int:
        """The number of offsets from the first offset to the end (exclusive) of their partition."""
        none = (0, 0)
        return sum(
            spans.get(part, none)[0] <= offset < spans.get(part, none)[1]
            for part, offset in self._offsets
        )

    def add(self, offsets: Collection[TopicOffset]) -> None:
        self._offsets = self._offsets | set(offsets)  # a reader may hold the old set
        self._append([json.dumps(offset) for offset in offsets])

    def add_copies(self, count: int) -> None:
        self._copies += count
        self._append([json.dumps({"copies": count})])

    def _append(self, lines: Collection[str]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            # a kill may have left an incomplete line, which the next line would continue
            self._size += file.write("".join(f"{line}\n" for line in ("", *lines)))  # all ASCII


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _load(file: Path) -> tuple[set[TopicOffset], int]:
    """The offsets, and the number of copies."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return set(), 0
    replayed, copies = set(), 0
    for line in lines:
        try:
            match json.loads(line):
                case [int(partition), int(offset)]:
                    replayed.add(TopicOffset(partition, offset))
                case {"copies": int(count)}:
                    copies += count
        except ValueError:  # empty, or cut off by a kill
            continue
    return replayed, copies
