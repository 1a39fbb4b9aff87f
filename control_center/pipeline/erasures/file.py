"""The records in a file on the Control Center's volume, one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from control_center.clients.clients import Clients
from control_center.pipeline.erasures.record import Erasure


class ErasuresInFile:
    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def of(cls, clients: Clients) -> ErasuresInFile:
        return cls(clients.settings.state / "erasures.jsonl")

    def read(self) -> Iterator[Erasure]:
        """A line that a kill has cut off is left out."""
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                yield Erasure.from_json(json.loads(line))
            except (ValueError, TypeError, AttributeError):
                continue

    def write(self, records: Iterable[Erasure]) -> None:
        """Raises OSError."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            # a kill may have left an incomplete line, which the next line would continue
            file.writelines(["\n", *(json.dumps(record.to_json()) + "\n" for record in records)])
