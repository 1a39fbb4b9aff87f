"""Back PostgreSQL up now. The schedule does it every day, and keeps every change in the archive.
Backups and changes that are older than BACKUP_RETENTION_DAYS are removed first.

make backup           what has changed since the newest backup
make backup FULL=1    everything
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.clients import backups
from cli.host import output
from cli.host.options import flag
from cli.installations.local import Installation

SUMMARY = "Back PostgreSQL up now (FULL=1: everything, not only what has changed)"


@dataclass(frozen=True)
class Options:
    full: bool = flag("back up everything, not only what has changed")


def run(options: Options) -> int:
    container = backups.container(Installation.current())
    kind = "full" if options.full else "incr"
    backups.ask(container, "run", "--kind", kind, doing="PostgreSQL is backed up")
    output.emit({"ok": True}, "PostgreSQL is backed up; make status shows how far it can go back")
    return 0
