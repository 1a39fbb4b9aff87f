"""Prove the backups: restore the newest one and all changes since into a folder of its own, start
PostgreSQL there, and check every page of every table and index.

It changes nothing, and needs free disk space of PostgreSQL's size and a reserve. The schedule does
it every week.
"""

from __future__ import annotations

from cli.clients import backups
from cli.host import output
from cli.host.options import NoOptions
from cli.installations.local import Installation

SUMMARY = "Restore the newest backup into a folder of its own, and check every page"
Options = NoOptions


def run(options: NoOptions) -> int:
    container = backups.container(Installation.current())
    text = backups.ask(container, "test", doing="the newest backup is restored and checked").strip()
    output.emit({"ok": True, "result": text}, f"the newest backup is proven: {text}")
    return 0
