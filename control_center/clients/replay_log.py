"""The offsets of the dead letters that were sent again, in a file that outlives the process."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from contract.kafka.offsets import TopicOffset


class ReplayLog:
    """One JSON pair per line: partition and offset on the dead-letter topic."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._offsets = _load(file)

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
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            # a kill may have left an incomplete line, which the next line would continue
            file.writelines(["\n", *(json.dumps(offset) + "\n" for offset in offsets)])


def _load(file: Path) -> set[TopicOffset]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    replayed = set()
    for line in lines:
        try:
            partition, offset = json.loads(line)
        except ValueError:  # empty, or cut off by a kill
            continue
        replayed.add(TopicOffset(partition, offset))
    return replayed
