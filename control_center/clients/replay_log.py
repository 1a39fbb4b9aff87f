"""The offsets of the dead letters that were sent again, in a file that outlives the process."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from contract.kafka.offsets import TopicOffset


class ReplayLog:
    """One JSON pair a line: partition and offset on the dead-letter topic."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._places = _load(file)

    def __contains__(self, place: TopicOffset) -> bool:
        return place in self._places

    def among(self, spans: dict[int, tuple[int, int]]) -> int:
        """How many lie between first offset and end (exclusive) of their partition."""
        none = (0, 0)
        return sum(
            spans.get(part, none)[0] <= offset < spans.get(part, none)[1]
            for part, offset in self._places
        )

    def add(self, places: Collection[TopicOffset]) -> None:
        self._places = self._places | set(places)  # a reader may hold the old set
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            # a kill may have left a part of a line, which the first of these would continue
            file.writelines(["\n", *(json.dumps(place) + "\n" for place in places)])


def _load(file: Path) -> set[TopicOffset]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    found = set()
    for line in lines:
        try:
            partition, offset = json.loads(line)
        except ValueError:  # empty, or cut off by a kill
            continue
        found.add(TopicOffset(partition, offset))
    return found
