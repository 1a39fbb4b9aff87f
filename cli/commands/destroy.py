"""Remove an installation's containers, volumes, network and secrets; the images stay.

Everything with the project's label is removed, whichever runner made it, also after an interrupted
`make up`. The installation's folder is removed too. Another PostgreSQL keeps the slot of the
installation, and with it WAL: the statement that drops it is printed.
"""

from __future__ import annotations

from cli.deploy.release import table_files
from cli.host import output
from cli.host.options import NoOptions
from cli.host.paths import ROOT
from cli.installations import settings
from cli.installations.local import Installation
from cli.installations.removal import remove
from contract.table.paths import DATABASE_FILE
from contract.table.slot import slot

SUMMARY = "Remove the containers, volumes, network and secrets of the project"
Options = NoOptions


def run(options: NoOptions) -> int:
    installation = Installation.current()
    statements = slots(installation)
    removed = remove(installation)
    lines = [f"removed {kind}: {' '.join(names)}" for kind, names in removed.items() if names]
    note = "" if lines else " (there was nothing to remove)"
    lines.append(f"nothing of project {installation.project} is left{note}")
    lines.append("the images stay for the next make up; make clean-images removes them")
    for name, statement in statements.items():
        lines.append(f"{name} keeps its replication slot, and WAL for it, until you run there:")
        lines.append(f"  {statement}")
    output.emit({"ok": True, "removed": removed, "slots": statements}, "\n".join(lines))
    return 0


def slots(installation: Installation) -> dict[str, str]:
    """Database that the installation's settings name → the statement that drops its slot."""
    files = table_files(ROOT)
    return {
        name: "SELECT pg_catalog.pg_drop_replication_slot(slot_name) "
        "FROM pg_catalog.pg_replication_slots "
        f"WHERE slot_name = '{slot(name, files.get(f'{name}/{DATABASE_FILE}', ''))}';"
        for name in settings.databases(installation.settings)
    }
