"""What the container postgres reports about its backups: the row of table riada.backups."""

from __future__ import annotations

from dataclasses import dataclass

from contract.json_record import JsonRecord

SELECT = "SELECT report FROM riada.backups WHERE id = 1"


@dataclass(frozen=True)
class Backups(JsonRecord):
    """Times in ISO 8601 UTC, "" before the first. `newest_at`, `newest_kind`, `bytes`: end, kind
    and restored size of the newest backup; `oldest_at`: the earliest time that can be restored.
    `problem`: why the newest attempt to back up failed, "" if it did not. `gap_since`: WAL was
    dropped since then because it could not be archived, and no backup was taken after it.
    `tested_at`: end of the newest restore test that succeeded; `tested_to`: the commit up to which
    it restored; `test_problem`: why the newest attempt failed, "" if it did not. `kept_days`: so
    many days after a change no backup and no archived WAL from before it exists, if backups succeed
    as scheduled; 0 if that is not known."""

    newest_at: str = ""
    newest_kind: str = ""
    oldest_at: str = ""
    bytes: int = 0
    problem: str = ""
    gap_since: str = ""
    tested_at: str = ""
    tested_to: str = ""
    test_problem: str = ""
    kept_days: int = 0
