"""The state of the continuous verification of each table, in files that outlive the process.

STATE/verification/TABLE.json: the report that others read, and the position from which the
verification goes on. The process that verifies writes them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from contract.health.details.verification import TableVerification
from control_center.clients import state_file

REPORT, POSITION = "report", "position"


class VerificationFiles:
    """`state`: the folder of the Control Center's state."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "verification"

    def report(self, table: str) -> TableVerification | None:
        """None without a file, or if another release wrote it in another form."""
        try:
            return TableVerification.from_json(self._read(table)[REPORT])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def position(self, table: str) -> Mapping[str, Any] | None:
        """The position as it was written; None without a readable file."""
        try:
            position = self._read(table)[POSITION]
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return position if isinstance(position, dict) else None

    def write(self, table: str, report: TableVerification, position: Mapping[str, Any]) -> None:
        """Raises OSError."""
        text = json.dumps({REPORT: report.to_json(), POSITION: position}, ensure_ascii=False)
        state_file.write(self._file(table), text + "\n")

    def keep(self, tables: Collection[str]) -> None:
        """Removes the files of other tables. Raises OSError."""
        for file in self._folder.glob("*.json"):
            if file.stem not in tables:
                file.unlink(missing_ok=True)

    def _read(self, table: str) -> Any:
        return json.loads(self._file(table).read_text(encoding="utf-8"))

    def _file(self, table: str) -> Path:
        return self._folder / f"{table}.json"
