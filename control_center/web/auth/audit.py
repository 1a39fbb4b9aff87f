"""The audit log: completed and refused actions, one JSON object per line, on stdout and in a
file."""

from __future__ import annotations

import json
import re
import sys
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from control_center.web.auth.audit_line import AuditLine, Outcome
from control_center.web.auth.roles import Principal

KEPT_BYTES = 8 << 20
SHOWN = 500
LONGEST = 120
LONGEST_DETAIL = 80  # a header or a cause that an action logs


# The key of a row may hold personal data.
_ROW = re.compile("(/api/tables/[^/]*/(?:rows|versions)/).*", re.DOTALL)


def logged_path(path: str) -> str:
    """The path of a request as the log may hold it."""
    return _ROW.sub(r"\1…", path)


class Audit:
    """The file is moved to `<file>.1` when it is larger than KEPT_BYTES. If the file cannot be
    written, the line on stdout has a field `not_kept`, and the action continues."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._newest: deque[AuditLine] = deque(_tail(file), maxlen=SHOWN)

    def write(
        self,
        principal: Principal | None,
        action: str,
        target: str = "",
        outcome: Outcome = Outcome.DONE,
        **details: Any,
    ) -> None:
        """Raises nothing. Writes a line, which must not hold personal data or a password."""
        line = AuditLine(
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            who=principal.name if principal else "anonymous",
            action=action,
            target=target[:LONGEST],
            outcome=outcome,
            details=details,
        )
        printed = line.to_json()
        with self._lock:
            self._newest.append(line)
            try:
                self._append(json.dumps(printed, default=str))
            except OSError as error:
                printed["not_kept"] = str(error)
            print(json.dumps({"audit": printed}, default=str), file=sys.stdout, flush=True)

    def newest(self, limit: int = SHOWN) -> list[AuditLine]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._newest))[:limit]

    def _append(self, line: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if self._file.exists() and self._file.stat().st_size > KEPT_BYTES:
            self._file.replace(self._file.with_name(f"{self._file.name}.1"))
        with self._file.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _tail(file: Path) -> list[AuditLine]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()[-SHOWN:]
    except OSError:
        return []
    records = []
    for line in lines:
        try:
            records.append(AuditLine.from_json(json.loads(line)))
        except ValueError:  # cut off by a kill
            continue
    return records
