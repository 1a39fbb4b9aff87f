"""The newest ended job of each kind and table, in files that outlive the process.

FOLDER/KIND/TABLE.json is a JobStatus; all-tables.json is of a job without a table. A file that
cannot be read is named on stderr, and counts as none.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from contract.jobs.compare import CompareResult
from contract.jobs.job import JobKind, JobState, JobStatus
from contract.jobs.repair import RepairResult
from contract.json_record import JsonRecord
from control_center.clients import state_file

# What the pages read of a result; another release may have written the file.
RESULTS: Mapping[JobKind, type[JsonRecord]] = {
    JobKind.COMPARE: CompareResult,
    JobKind.REPAIR: RepairResult,
}


ALL = "all-tables"  # a table's name has no "-"


class LastResults:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ended = {
            (status.kind, status.table): status
            for file in sorted(folder.glob("*/*.json"))
            if (status := _read(file)) is not None
        }

    def add(self, status: JobStatus) -> None:
        """Raises nothing: if the file cannot be written, the result is known until the process
        ends."""
        self._ended[status.kind, status.table] = status
        file = self._folder / status.kind.value / f"{status.table or ALL}.json"
        try:
            state_file.write(file, json.dumps(status.to_json()) + "\n")
        except OSError as error:
            _log(f"cannot write {file} ({error}): a restart will forget this result")

    def newest(self, *kinds: JobKind, table: str | None = None) -> JobStatus | None:
        """The job of one of these kinds that was started last, of this table or of any; or None."""
        ended = [
            status
            for status in list(self._ended.values())
            if status.kind in kinds and table in (None, status.table)
        ]
        return max(ended, key=lambda status: status.started_at, default=None)


def _read(file: Path) -> JobStatus | None:
    try:
        status = JobStatus.from_json(json.loads(file.read_text(encoding="utf-8")))
        if (status.kind.value, status.table or ALL) != (file.parent.name, file.stem):
            raise ValueError(f"it is of a {status.kind.value} of {status.table}")
        if status.state is JobState.DONE and status.kind in RESULTS:
            RESULTS[status.kind].from_json(status.result or {})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        _log(f"cannot use {file} ({error}): the next {file.parent.name} replaces it")
        return None
    return status


def _log(text: str) -> None:
    print(f"control-center: {text}", file=sys.stderr, flush=True)
